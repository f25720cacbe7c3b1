import type { HubEvent } from '#contract';
import type { Database } from '#event-log';
import { sql } from 'kysely';
import { cursorOf, pageOf, placeOf, type Page, type PageRequest } from '../pages.ts';
import { reading } from '../reading.ts';
import { eventOf, type TimelineRow } from './event-row.ts';
import { ofTenant } from './places.ts';

/** Larger bodies are left out, so that a page stays small whatever a flow holds. */
const LARGEST_BODY = 65_536;

/** An event of a flow. `data` is absent when it is larger than 64 KiB. */
export type FlowEvent = Omit<HubEvent, 'data'> & { data?: Buffer };

type Row = TimelineRow & { data: Buffer | null };

const flowEventOf = (row: Row): FlowEvent => ({ ...eventOf(row), data: row.data ?? undefined });

/** The events of one flow, oldest first; with `tenant`, those of that tenant. */
export const readTimeline = (db: Database, flow: { correlationId: string; tenant?: string }, page: PageRequest): Promise<Page<FlowEvent>> =>
  reading(db, async (tables) => {
    const after = page.after === undefined ? { tx: 0n, position: 0n } : placeOf(page.after);
    const { rows } = await sql<Row>`
      select e.tx, e.position, e.id, e.type, e.partner, e.integration, e.tenant, e.correlation_id, e.causation_id, e.occurred_at, e.recorded_at,
        e.schema_version, e.content_type, e.headers, case when octet_length(e.data) <= ${LARGEST_BODY} then e.data end as data
      from (
        select tx, position from event_feed
        where correlation_id = ${flow.correlationId}::uuid
          and ${flow.tenant === undefined ? sql`true` : sql`kind in (select id from event_kinds where ${ofTenant(flow.tenant)})`}
          and (tx, position) > (${String(after.tx)}::xid8, ${String(after.position)}::bigint)
        order by tx, position limit ${page.limit + 1}
      ) as step
      join events as e on e.tx = step.tx and e.position = step.position
      order by e.tx, e.position`.execute(tables);
    return pageOf(rows, page.limit, cursorOf, flowEventOf);
  });
