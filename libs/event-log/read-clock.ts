import type { Database } from './database.ts';
import { asOutage } from './outages.ts';

/** What time it is for Postgres. Throws `log-unavailable`. */
export const readClock = async (db: Database): Promise<Date> => {
  try {
    const { rows } = await db.pool.query<{ ms: number }>('select (extract(epoch from clock_timestamp()) * 1000)::float8 as ms');
    return new Date(rows[0]!.ms);
  } catch (error) {
    throw asOutage(error);
  }
};
