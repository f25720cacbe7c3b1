import { aheadOf, listSegments, rfc3339, type Database, type ReaderPositionRow, type Segment } from '#event-log';
import { sql, type Kysely } from 'kysely';
import { reading } from '../reading.ts';
import type { ReadTables } from '../tables.ts';

/** Counting stops here: more than this is said as "more than". */
export const LAG_COUNTED = 10_000;

/** How far a reader of the log is behind. `behindS` is the age of the oldest event that it has not taken. */
export type ReaderLag = { reader: string; at: string; behind: number; behindS: number; movedAt: string };

type Reader = Pick<ReaderPositionRow, 'reader' | 'tx' | 'position'> & { updated_at: string };

type Stretch = { events: string; oldest_s: number | null };

/** What lies between this reader's place and the next quicker one's, or the end of the log, in the segments ahead of it. */
const untilNext = (tables: Kysely<ReadTables>, segments: readonly Segment[]) => async (reader: Reader, next: Reader | undefined, most: number): Promise<Stretch> => {
  const [newest, ahead] = aheadOf(segments, { tx: BigInt(reader.tx), position: BigInt(reader.position) });
  const before = next === undefined ? sql`` : sql`and (tx, position) <= (${next.tx}::xid8, ${next.position}::bigint)`;
  const { rows } = await sql<Stretch>`
    select count(*) as events, greatest(0, extract(epoch from clock_timestamp() - min(recorded_at)))::float8 as oldest_s
    from (
      select recorded_at from events
      where (tx, position) > (${reader.tx}::xid8, ${reader.position}::bigint) ${before} and (segment > ${newest}::integer or segment = any(${ahead}::integer[]))
      order by tx, position limit ${most}
    ) as unread`.execute(tables);
  return rows[0]!;
};

/**
 * Every reader that ever kept a place, by name. Goes from the quickest to the slowest, so that no event is counted twice;
 * beyond 10,001 it only looks how old the oldest one is.
 */
export const measureLag = (db: Database): Promise<ReaderLag[]> =>
  reading(db, async (tables) => {
    const stretch = untilNext(tables, await listSegments(db.pool));
    const readers = await tables.selectFrom('reader_positions').select(['reader', 'tx', 'position', 'updated_at']).orderBy('tx', 'desc').orderBy('position', 'desc').execute();
    const lags: ReaderLag[] = [];
    for (const [i, reader] of readers.entries()) {
      const { behind, behindS } = lags.at(-1) ?? { behind: 0, behindS: 0 };
      const { events, oldest_s } = await stretch(reader, readers[i - 1], Math.max(1, LAG_COUNTED + 1 - behind));
      lags.push({
        reader: reader.reader,
        at: `${reader.tx}.${reader.position}`,
        behind: Math.min(LAG_COUNTED + 1, behind + Number(events)),
        behindS: Math.max(behindS, oldest_s ?? 0),
        movedAt: rfc3339(reader.updated_at),
      });
    }
    return lags.toSorted((a, b) => (a.reader < b.reader ? -1 : 1));
  });
