import type { Database } from '#event-log';
import { sql } from 'kysely';
import { cursorOf, pageOf, placeOf, type Page, type PageRequest } from '../pages.ts';
import { reading } from '../reading.ts';
import { commandView, completed, type CommandView } from './command-view.ts';
import { setAside, type DeadLetterFilter } from './set-aside.ts';

/** Commands that were set aside, the last one first. */
export const listDeadLetters = (db: Database, filter: DeadLetterFilter, page: PageRequest): Promise<Page<CommandView>> =>
  reading(db, async (tables) => {
    const before = page.after === undefined ? undefined : placeOf(page.after);
    const found = sql`select * from deliveries where ${setAside(filter, before)} order by last_tx desc, last_position desc limit ${page.limit + 1}`;
    const { rows } = await completed(found, sql`page.last_tx desc, page.last_position desc`).execute(tables);
    return pageOf(rows, page.limit, (row) => cursorOf({ tx: row.last_tx, position: row.last_position }), commandView);
  });
