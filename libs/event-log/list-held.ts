import type { Database } from './database.ts';
import { asOutage } from './outages.ts';

/** A segment of the log that is old enough to go, and what held it back when the keeper last looked, as `<word> <detail>`; `heldS` says for how long anything has, in seconds. */
export type HeldSegment = { id: number; category: string; heldBy: string; heldS: number };

const HELD = `select id, category, held_by as "heldBy", extract(epoch from clock_timestamp() - held_since)::float8 as "heldS"
  from segments where held_by is not null order by id`;

/** Segments that are held back, oldest first. Throws `log-unavailable`. */
export const listHeld = async (db: Database): Promise<HeldSegment[]> => {
  try {
    const { rows } = await db.pool.query<HeldSegment>(HELD);
    return rows;
  } catch (error) {
    throw asOutage(error);
  }
};
