import type { Database } from './database.ts';
import { listenTo } from './listen-to.ts';

const CHANNEL = 'trunkline_log';

export type LogWake = {
  /** Resolves at the next append anywhere, or after `timeoutMs`; at once when one came since the last `wait` returned. */
  wait(timeoutMs: number): Promise<void>;
  /** Ends a wait, or the next one, now. */
  nudge(): void;
  stop(): Promise<void>;
};

/** Listens for appends, for one reader. While the connection is away, `wait` ends by its timeout, so readers poll. */
export const startLogWake = (db: Database): LogWake => {
  let woken = false;
  let release: (() => void) | undefined;
  let stopped = false;

  const wake = (): void => {
    woken = true;
    release?.();
  };
  const listening = listenTo(db, CHANNEL, { heard: wake, missed: wake });
  return {
    wait: (timeoutMs) =>
      new Promise((resolve) => {
        const finish = (): void => {
          clearTimeout(timer);
          release = undefined;
          woken = false;
          resolve();
        };
        const timer = setTimeout(finish, timeoutMs);
        release = finish;
        if (woken || stopped) finish();
      }),
    nudge: wake,
    stop: async () => {
      stopped = true;
      wake();
      await listening.stop();
    },
  };
};
