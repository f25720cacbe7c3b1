/** Where a person sees a trace; undefined when nobody said. */
export type TraceUrl = (traceId: string) => string | undefined;

const PLACE = '{traceId}';

/** Fills a trace's id into `TRACE_UI_URL`, or adds it as Jaeger has it. */
export const traceUrlOf = (setting: string): TraceUrl => {
  if (setting === '') return () => undefined;
  const template = setting.includes(PLACE) ? setting : `${setting.replace(/\/+$/, '')}/trace/${PLACE}`;
  return (traceId) => template.replace(PLACE, traceId);
};
