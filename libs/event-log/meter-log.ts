import { isHubError } from '#contract';
import { count, METRICS, observe, record } from '#telemetry';

/** Meters the batches of one kind of write: once per batch, however many callers share it. */
export const meterBatches = (operation: 'append' | 'claim' | 'settle'): ((items: number, tookMs: number) => void) => {
  const labels = { operation };
  return (items, tookMs) => {
    record(METRICS.logBatchDuration, labels, tookMs / 1_000);
    record(METRICS.logBatchItems, labels, items);
  };
};

/** Counts an outage; what is about an event's content is not the log's failure. */
export const meterFailure = (error: unknown): void => {
  if (isHubError(error, 'log-unavailable')) count(METRICS.logFailures, {});
};

/** Every log that this process has open by how it tells whether it answers. */
const open = new Set<() => boolean>();

/** Tells whether the log answers whenever metrics are looked at, until the returned function is called. With several open, all must. */
export const observeReadiness = (ready: () => boolean): (() => void) => {
  count(METRICS.logFailures, {}, 0);
  open.add(ready);
  const stop = observe((put) => put(METRICS.logReady, {}, [...open].every((answers) => answers()) ? 1 : 0));
  return () => {
    open.delete(ready);
    stop();
  };
};
