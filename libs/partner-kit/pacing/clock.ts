/** Time as pacing needs it: the present in ms, and a call later on. */
export type Clock = { now(): number; after(ms: number, run: () => void): void };

/** Moves on evenly whatever becomes of the time of day; its `now` is not the time of day. Its timers do not keep a process alive. */
export const steadyClock: Clock = {
  now: () => performance.now(),
  after: (ms, run) => void setTimeout(run, ms).unref(),
};
