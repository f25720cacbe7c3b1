import { rfc3339, type Database } from '#event-log';
import { sql } from 'kysely';
import { reading } from '../reading.ts';

/** Counting stops here: more than this is said as "more than". */
export const LAG_COUNTED = 10_000;

/** How far a reader of the log is behind. `behindS` is the age of the oldest event that it has not taken. */
export type ReaderLag = { reader: string; at: string; behind: number; behindS: number; movedAt: string };

type Row = { reader: string; tx: string; position: string; updated_at: string; behind: string; behind_s: number | null };

/** Every reader that ever kept a place, by name. Counts at most 10,001 events each. */
export const measureLag = (db: Database): Promise<ReaderLag[]> =>
  reading(db, async (tables) => {
    const { rows } = await sql<Row>`
      select r.reader, r.tx, r.position, r.updated_at, beyond.behind, beyond.behind_s
      from reader_positions as r
      cross join lateral (
        select count(*) as behind, greatest(0, extract(epoch from clock_timestamp() - min(recorded_at)))::float8 as behind_s
        from (
          select recorded_at from events as e where (e.tx, e.position) > (r.tx, r.position) order by e.tx, e.position limit ${LAG_COUNTED + 1}
        ) as unread
      ) as beyond
      order by r.reader`.execute(tables);
    return rows.map((row) => ({
      reader: row.reader,
      at: `${row.tx}.${row.position}`,
      behind: Number(row.behind),
      behindS: row.behind_s ?? 0,
      movedAt: rfc3339(row.updated_at),
    }));
  });
