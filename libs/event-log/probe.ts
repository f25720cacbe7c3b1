import type { Database } from './database.ts';

const PROBE_EVERY_MS = 500;

export type Probe = { ready(): boolean; report(ok: boolean): void; stop(): void };

/**
 * Remembers whether the log answers. While it does not, asks twice a second, so that callers can refuse work
 * at once instead of waiting for a timeout each.
 */
export const startProbe = (db: Database): Probe => {
  let ok = false;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;

  const ask = async (): Promise<void> => {
    timer = undefined;
    try {
      await db.pool.query('select 1 from events limit 0');
      ok = true;
    } catch {
      ok = false;
      schedule();
    }
  };
  const schedule = (): void => {
    if (stopped || timer !== undefined) return;
    timer = setTimeout(() => void ask(), PROBE_EVERY_MS);
    timer.unref();
  };
  void ask();
  return {
    ready: () => ok,
    report: (now) => {
      ok = now;
      if (!now) schedule();
    },
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
};
