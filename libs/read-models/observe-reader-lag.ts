import type { Database } from '#event-log';
import { METRICS, observe } from '#telemetry';
import { measureLag } from './queries/measure-lag.ts';

/** Tells how far every reader of the log is behind whenever metrics are looked at, until the returned function is called. */
export const observeReaderLag = (db: Database): (() => void) =>
  observe(async (put) => {
    for (const { reader, behind, behindS, at } of await measureLag(db)) {
      put(METRICS.readerLagEvents, { reader }, behind);
      put(METRICS.readerLagSeconds, { reader }, behindS);
      put(METRICS.readerPosition, { reader }, Number(at.split('.')[1]));
    }
  });
