import { aheadOf, listSegments, rfc3339, type Database, type ReaderPositionRow, type Segment } from '#event-log';
import { sql, type Kysely } from 'kysely';
import { reading } from '../reading.ts';
import type { ReadTables } from '../tables.ts';

/** Counting stops here: more than this is said as "more than". */
export const LAG_COUNTED = 10_000;

/** How far a reader of the log is behind. `behindS` is the age of the oldest event that it has not taken. */
export type ReaderLag = { reader: string; at: string; behind: number; behindS: number; movedAt: string };

type Reader = Pick<ReaderPositionRow, 'reader' | 'tx' | 'position'> & { updated_at: string };

/** What stands beyond this reader's place, in the segments ahead of it. */
const beyond = async (tables: Kysely<ReadTables>, reader: Reader, segments: readonly Segment[]): Promise<{ behind: string; behind_s: number | null }> => {
  const [newest, ahead] = aheadOf(segments, { tx: BigInt(reader.tx), position: BigInt(reader.position) });
  const { rows } = await sql<{ behind: string; behind_s: number | null }>`
    select count(*) as behind, greatest(0, extract(epoch from clock_timestamp() - min(recorded_at)))::float8 as behind_s
    from (
      select recorded_at from events
      where (tx, position) > (${reader.tx}::xid8, ${reader.position}::bigint) and (segment > ${newest}::integer or segment = any(${ahead}::integer[]))
      order by tx, position limit ${LAG_COUNTED + 1}
    ) as unread`.execute(tables);
  return rows[0]!;
};

/** Every reader that ever kept a place, by name. Counts at most 10,001 events each. */
export const measureLag = (db: Database): Promise<ReaderLag[]> =>
  reading(db, async (tables) => {
    const segments = await listSegments(db.pool);
    const readers = await tables.selectFrom('reader_positions').select(['reader', 'tx', 'position', 'updated_at']).orderBy('reader').execute();
    const lags: ReaderLag[] = [];
    for (const reader of readers) {
      const { behind, behind_s } = await beyond(tables, reader, segments);
      lags.push({ reader: reader.reader, at: `${reader.tx}.${reader.position}`, behind: Number(behind), behindS: behind_s ?? 0, movedAt: rfc3339(reader.updated_at) });
    }
    return lags;
  });
