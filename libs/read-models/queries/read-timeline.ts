import type { HubEvent } from '#contract';
import { locateEvents, type Database } from '#event-log';
import { sql, type Kysely } from 'kysely';
import { cursorOf, pageOf, placeOf, type Page, type PageRequest } from '../pages.ts';
import { reading } from '../reading.ts';
import type { ReadTables } from '../tables.ts';
import { EVENT_COLUMNS, eventOf } from './event-row.ts';
import { eventsAt, ofTenant } from './places.ts';

/** Larger bodies are left out, so that a page stays small whatever a flow holds. */
const LARGEST_BODY = 65_536;

/** An event of a flow. `data` is absent when it is larger than 64 KiB. */
export type FlowEvent = Omit<HubEvent, 'data'> & { data?: Buffer };

type Flow = { correlationId: string; tenant?: string };

type Step = { tx: string; position: string; id: string };

const stepsOf = async (tables: Kysely<ReadTables>, flow: Flow, page: PageRequest): Promise<Step[]> => {
  const after = page.after === undefined ? { tx: 0n, position: 0n } : placeOf(page.after);
  const { rows } = await sql<Step>`
    select tx, position, id from event_feed
    where correlation_id = ${flow.correlationId}::uuid
      and ${flow.tenant === undefined ? sql`true` : sql`kind in (select id from event_kinds where ${ofTenant(flow.tenant)})`}
      and (tx, position) > (${String(after.tx)}::xid8, ${String(after.position)}::bigint)
    order by tx, position limit ${page.limit + 1}`.execute(tables);
  return rows;
};

const bodiesOf = async (db: Database, tables: Kysely<ReadTables>, steps: readonly Step[]): Promise<Map<string, FlowEvent>> => {
  const places = await locateEvents(db.pool, steps.map(({ id }) => id));
  const rows = await eventsAt(tables, places)
    .select(EVENT_COLUMNS)
    .select(sql<Buffer | null>`case when octet_length(data) <= ${LARGEST_BODY} then data end`.as('data'))
    .execute();
  return new Map(rows.map((row) => [row.id, { ...eventOf(row), data: row.data ?? undefined }]));
};

/**
 * The events of one flow, oldest first; with `tenant`, those of that tenant. An event that retention has dropped is left out, and its page
 * is that much shorter.
 */
export const readTimeline = (db: Database, flow: Flow, page: PageRequest): Promise<Page<FlowEvent>> =>
  reading(db, async (tables) => {
    const steps = await stepsOf(tables, flow, page);
    const told = pageOf(steps, page.limit, cursorOf, ({ id }) => id);
    const events = await bodiesOf(db, tables, steps.slice(0, page.limit));
    return { ...told, items: told.items.flatMap((id) => events.get(id) ?? []) };
  });
