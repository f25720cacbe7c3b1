import type { CommandReport } from '#contract';

/** The report in the body of a `command.*` event; undefined when it is none. */
export const readReport = (data: Buffer): CommandReport | undefined => {
  try {
    const report = JSON.parse(data.toString('utf8')) as CommandReport;
    return typeof report?.commandId === 'string' ? report : undefined;
  } catch {
    return undefined;
  }
};
