import type { Database } from './database.ts';
import { createHubClock } from './hub-clock.ts';

const PROBE_EVERY_MS = 500;
const CLOCK_EVERY_MS = 10_000;

/** `now` is the time of day by Postgres' clock, in ms since the epoch. */
export type Probe = { ready(): boolean; now(): number; report(ok: boolean): void; stop(): void };

/** Answers a row, so that the time comes with it, and fails while the table cannot be read. */
const ASK = 'select (extract(epoch from clock_timestamp()) * 1000)::float8 as now, (select 1 from events limit 0) as log';

/**
 * Remembers whether the log answers. While it does not, asks twice a second, so that callers can refuse work
 * at once instead of waiting for a timeout each. Else it asks now and then, for the time.
 */
export const startProbe = (db: Database): Probe => {
  let ok = false;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let asking = false;
  const clock = createHubClock(Date.now(), () => performance.now());

  const ask = async (): Promise<void> => {
    asking = true;
    const askedAt = performance.now();
    try {
      const { rows } = await db.pool.query<{ now: number }>(ASK);
      clock.set(rows[0]!.now, askedAt);
      ok = true;
    } catch {
      // A pool that is busy does not mean that the log is away: those who work with it report that.
    }
    asking = false;
    schedule();
  };
  const schedule = (): void => {
    clearTimeout(timer);
    if (stopped || asking) return;
    timer = setTimeout(() => void ask(), ok ? CLOCK_EVERY_MS : PROBE_EVERY_MS);
    timer.unref();
  };
  void ask();
  return {
    ready: () => ok,
    now: clock.now,
    report: (now) => {
      const before = ok;
      ok = now;
      if (before && !now) schedule();
    },
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
};
