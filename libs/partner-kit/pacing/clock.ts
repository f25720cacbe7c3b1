/** Time as pacing needs it: the present in ms since the epoch, and a call later on. */
export type Clock = { now(): number; after(ms: number, run: () => void): void };

/** The machine's clock. Its timers do not keep a process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after: (ms, run) => void setTimeout(run, ms).unref(),
};
