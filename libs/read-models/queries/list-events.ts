import { rfc3339, type Database } from '#event-log';
import { sql, type RawBuilder, type Selectable } from 'kysely';
import { cursorOf, pageOf, placeOf, type Page, type PageRequest } from '../pages.ts';
import { reading } from '../reading.ts';
import type { ReadTables } from '../tables.ts';
import { findWindow, type Window } from './find-window.ts';
import { beyondPlace, equalTo, ofTenant } from './places.ts';

/** `type` is a prefix: `command.` finds every outcome. `since` is included, `until` is not (RFC 3339). */
export type EventFilter = { partner?: string; integration?: string; type?: string; correlationId?: string; since?: string; until?: string; tenant?: string };

export type EventSummary = {
  id: string;
  partner: string;
  integration: string;
  type: string;
  correlationId: string;
  recordedAt: string;
};

type Row = Selectable<Pick<ReadTables['event_feed'], 'tx' | 'position' | 'id' | 'correlation_id' | 'recorded_at'> & Pick<ReadTables['event_kinds'], 'partner' | 'integration' | 'type'>>;

const summaryOf = (row: Row): EventSummary => ({
  id: row.id,
  partner: row.partner,
  integration: row.integration,
  type: row.type,
  correlationId: row.correlation_id,
  recordedAt: rfc3339(row.recorded_at),
});

const inTime = (filter: EventFilter, window: Window, page: PageRequest): RawBuilder<boolean> => sql`
  ${beyondPlace(['tx', 'position'], '<', page.after === undefined ? undefined : placeOf(page.after))}
  and ${beyondPlace(['tx', 'position'], '>=', window.from)}
  and ${beyondPlace(['tx', 'position'], '<', window.before)}
  and ${filter.since === undefined ? sql`true` : sql`recorded_at >= ${filter.since}::timestamptz`}
  and ${filter.until === undefined ? sql`true` : sql`recorded_at < ${filter.until}::timestamptz`}`;

const ofKind = (filter: EventFilter): RawBuilder<boolean> => sql`
  ${equalTo({ partner: filter.partner, integration: filter.integration })}
  and ${filter.type === undefined ? sql`true` : sql`starts_with(type, ${filter.type})`}
  and ${ofTenant(filter.tenant)}`;

/** One index scan of the whole feed, or of one flow. */
const plainly = (filter: EventFilter, when: RawBuilder<boolean>, limit: number): RawBuilder<unknown> => sql`
  select * from event_feed
  where ${equalTo({ correlation_id: filter.correlationId })} and ${when}
    and ${isOfKind(filter) ? sql`kind in (select id from event_kinds where ${ofKind(filter)})` : sql`true`}
  order by tx desc, position desc limit ${limit}`;

/** One short index scan for each kind of event that the filter means, then the newest of them all: never a walk past others' events. */
const byKind = (filter: EventFilter, when: RawBuilder<boolean>, limit: number): RawBuilder<unknown> => sql`
  select newest.*
  from (select id from event_kinds where ${ofKind(filter)}) as wanted
  cross join lateral (
    select * from event_feed as f where f.kind = wanted.id and ${when} order by f.tx desc, f.position desc limit ${limit}
  ) as newest
  order by newest.tx desc, newest.position desc limit ${limit}`;

const isOfKind = ({ partner, integration, type, tenant }: EventFilter): boolean => [partner, integration, type, tenant].some((given) => given !== undefined);

/** Events, newest first. */
export const listEvents = (db: Database, filter: EventFilter, page: PageRequest): Promise<Page<EventSummary>> =>
  reading(db, async (tables) => {
    const when = inTime(filter, await findWindow(tables, filter.since, filter.until), page);
    const choose = isOfKind(filter) && filter.correlationId === undefined ? byKind : plainly;
    const { rows } = await sql<Row>`
      select page.tx, page.position, page.id, page.correlation_id, page.recorded_at, k.partner, k.integration, k.type
      from (${choose(filter, when, page.limit + 1)}) as page
      join event_kinds as k on k.id = page.kind
      order by page.tx desc, page.position desc`.execute(tables);
    return pageOf(rows, page.limit, cursorOf, summaryOf);
  });
