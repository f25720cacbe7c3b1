import type { LogPosition } from '#contract';
import { sql, type Kysely } from 'kysely';
import type { ReadTables } from '../tables.ts';

/** Places between which everything lies that was recorded in a time; an end that is not given is open. */
export type Window = { from?: LogPosition; before?: LogPosition };

type Place = { tx: string; position: string };

const asPlace = (row: Place | undefined): LogPosition | undefined => row && { tx: BigInt(row.tx), position: BigInt(row.position) };

/**
 * Turns times (RFC 3339) into places, a minute wider on both sides because transactions commit out of order:
 * the caller still compares `recorded_at`.
 */
export const findWindow = async (tables: Kysely<ReadTables>, since: string | undefined, until: string | undefined): Promise<Window> => {
  const from = since === undefined ? undefined : await sql<Place>`
    select tx, position from event_minutes where minute <= ${since}::timestamptz - interval '2 minutes' order by minute desc limit 1`.execute(tables);
  const before = until === undefined ? undefined : await sql<Place>`
    select tx, position from event_minutes where minute >= ${until}::timestamptz + interval '1 minute' order by minute limit 1`.execute(tables);
  return { from: asPlace(from?.rows[0]), before: asPlace(before?.rows[0]) };
};
