import type { Client } from 'pg';
import type { Database } from './database.ts';

const CHANNEL = 'trunkline_log';
const RECONNECT_MS = 500;

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
  let client: Client | undefined;
  let stopped = false;
  let reconnect: NodeJS.Timeout | undefined;

  const wake = (): void => {
    woken = true;
    release?.();
  };
  const listen = async (): Promise<void> => {
    try {
      const fresh = await db.connect();
      if (stopped) return void (await fresh.end());
      client = fresh;
      fresh.on('notification', wake);
      fresh.once('end', again);
      await fresh.query(`listen ${CHANNEL}`);
      wake();
    } catch {
      again();
    }
  };
  const again = (): void => {
    client = undefined;
    if (!stopped) reconnect = setTimeout(() => void listen(), RECONNECT_MS);
  };
  void listen();

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
      clearTimeout(reconnect);
      wake();
      await client?.end().catch(() => undefined);
    },
  };
};
