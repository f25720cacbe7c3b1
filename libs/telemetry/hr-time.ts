import type { HrTime } from '@opentelemetry/api';

/** A time or a duration in milliseconds as OpenTelemetry's SDK has it: seconds and nanoseconds. */
export const hrTimeOf = (ms: number): HrTime => {
  const seconds = Math.trunc(ms / 1_000);
  return [seconds, Math.round((ms - seconds * 1_000) * 1e6)];
};
