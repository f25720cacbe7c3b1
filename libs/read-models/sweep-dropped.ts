import { loadStatement, run, type Database, type Statement } from '#event-log';

/** In this order: what the feed no longer holds tells the others what to forget. */
const TABLES: [table: string, statement: Statement][] = [
  ['event_feed', loadStatement('sweep-event-feed', import.meta.url)],
  ['event_minutes', loadStatement('sweep-event-minutes', import.meta.url)],
  ['deliveries', loadStatement('sweep-deliveries', import.meta.url)],
  ['subject_events', loadStatement('sweep-subject-events', import.meta.url)],
];

const pagesOf = async (db: Database, table: string): Promise<number> => {
  const { rows } = await db.pool.query<{ pages: string }>(`select pg_relation_size($1::regclass) / current_setting('block_size')::bigint as pages`, [table]);
  return Number(rows[0]!.pages);
};

/**
 * Takes events that retention dropped out of the read models, one function per table, to be called in order: each goes through some
 * pages in a transaction of its own and answers how many pages its table has.
 */
export const sweepDropped = (db: Database): ((firstPage: number, pages: number) => Promise<number>)[] =>
  TABLES.map(([table, statement]) => async (firstPage, pages) => {
    await run(db.pool, statement, [firstPage, pages]);
    return pagesOf(db, table);
  });
