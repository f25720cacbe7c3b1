import type { CommandState } from '#contract';
import type { Database } from '#event-log';
import { sql, type RawBuilder } from 'kysely';
import { cursorOf, pageOf, placeOf, type Page, type PageRequest } from '../pages.ts';
import { reading } from '../reading.ts';
import { commandView, completed, type CommandView } from './command-view.ts';
import { beyondPlace, equalTo, ofTenant } from './places.ts';

export type CommandFilter = { state?: CommandState; partner?: string; integration?: string; action?: string; route?: string; tenant?: string };

const ofKind = (filter: CommandFilter): RawBuilder<boolean> => sql`
  ${equalTo({ partner: filter.partner, integration: filter.integration, action: filter.action, route: filter.route })} and ${ofTenant(filter.tenant)}`;

const plainly = (when: RawBuilder<boolean>, limit: number): RawBuilder<unknown> => sql`
  select * from deliveries where ${when} order by first_tx desc, first_position desc limit ${limit}`;

/** One short index scan for each kind of command that the filter means. */
const byKind = (filter: CommandFilter, when: RawBuilder<boolean>, limit: number): RawBuilder<unknown> => sql`
  select newest.*
  from (select id from delivery_kinds where ${ofKind(filter)}) as wanted
  cross join lateral (
    select * from deliveries as d where d.kind = wanted.id and ${when} order by d.first_tx desc, d.first_position desc limit ${limit}
  ) as newest
  order by newest.first_tx desc, newest.first_position desc limit ${limit}`;

/** Commands that were attempted at least once, in the order of their first outcome, newest first. */
export const listCommands = (db: Database, filter: CommandFilter, page: PageRequest): Promise<Page<CommandView>> =>
  reading(db, async (tables) => {
    const after = page.after === undefined ? undefined : placeOf(page.after);
    const when = sql<boolean>`${beyondPlace(['first_tx', 'first_position'], '<', after)} and ${equalTo({ state: filter.state })}`;
    const isPlain = Object.values(filter).every((value) => value === undefined);
    const found = isPlain ? plainly(when, page.limit + 1) : byKind(filter, when, page.limit + 1);
    const { rows } = await completed(found, sql`page.first_tx desc, page.first_position desc`).execute(tables);
    return pageOf(rows, page.limit, (row) => cursorOf({ tx: row.first_tx, position: row.first_position }), commandView);
  });
