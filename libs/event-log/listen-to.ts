import type { Client } from 'pg';
import type { Database } from './database.ts';

const RECONNECT_MS = 500;

type Needs = {
  /** Told of each notice on the channel, with what it says. */
  heard(payload: string): void;
  /** The connection was made or lost: something may have been said that nobody heard. */
  missed(): void;
};

export type Listening = { stop(): Promise<void> };

/** Listens on a channel of Postgres with a connection of its own, which is made again whenever it breaks. */
export const listenTo = (db: Database, channel: string, { heard, missed }: Needs): Listening => {
  let client: Client | undefined;
  let stopped = false;
  let reconnect: NodeJS.Timeout | undefined;

  const open = async (): Promise<void> => {
    let fresh: Client | undefined;
    try {
      fresh = await db.connect();
      if (stopped) return void (await fresh.end());
      client = fresh;
      fresh.on('notification', ({ payload }) => heard(payload ?? ''));
      await fresh.query(`listen ${channel}`);
      fresh.once('end', again);
      missed();
    } catch {
      // Whether it broke or only did not listen: another one is made.
      await fresh?.end().catch(() => undefined);
      again();
    }
  };
  const again = (): void => {
    client = undefined;
    if (stopped) return;
    missed();
    reconnect = setTimeout(() => void open(), RECONNECT_MS);
  };
  void open();
  return {
    stop: async () => {
      stopped = true;
      clearTimeout(reconnect);
      await client?.end().catch(() => undefined);
    },
  };
};
