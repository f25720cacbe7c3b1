type Sleeper = { at: number; wake(): void };

export type FakeClock = {
  /** Epoch milliseconds. */
  now(): number;
  date(): Date;
  /** Resolves when the clock has been moved that far; rejects with the signal's reason when it is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Moves time on, waking sleepers in order and letting what they do next run before the next one wakes. */
  advance(ms: number): Promise<void>;
  /** How many are asleep. */
  sleepers(): number;
  /** Resolves when at least so many are asleep: the moment to advance. */
  untilAsleep(count?: number): Promise<void>;
};

/** Lets everything that is ready to run do so. */
const breathe = () => new Promise<void>((resolve) => setImmediate(resolve));

/** A clock that stands still until a test moves it. */
export const fakeClock = (start: Date | string | number = '2026-01-01T00:00:00Z'): FakeClock => {
  let now = new Date(start).getTime();
  const asleep = new Set<Sleeper>();
  let watchers: { count: number; tell(): void }[] = [];
  const tellWatchers = () => {
    const [due, rest] = [watchers.filter((one) => asleep.size >= one.count), watchers.filter((one) => asleep.size < one.count)];
    watchers = rest;
    due.forEach((one) => one.tell());
  };
  const sleep = (ms: number, signal?: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      const done = (end: () => void) => () => {
        asleep.delete(sleeper);
        signal?.removeEventListener('abort', aborted);
        end();
      };
      const sleeper: Sleeper = { at: now + ms, wake: done(resolve) };
      const aborted = done(() => reject(signal?.reason as Error));
      if (signal?.aborted) return aborted();
      signal?.addEventListener('abort', aborted);
      asleep.add(sleeper);
      tellWatchers();
    });
  const nextDue = (until: number) => [...asleep].filter((one) => one.at <= until).sort((a, b) => a.at - b.at)[0];
  const advance = async (ms: number) => {
    const until = now + ms;
    for (let due = nextDue(until); due; due = nextDue(until)) {
      now = Math.max(now, due.at);
      due.wake();
      await breathe();
    }
    now = until;
    await breathe();
  };
  const untilAsleep = (count = 1) =>
    new Promise<void>((resolve) => {
      watchers.push({ count, tell: resolve });
      tellWatchers();
    });
  return { now: () => now, date: () => new Date(now), sleep, advance, sleepers: () => asleep.size, untilAsleep };
};
