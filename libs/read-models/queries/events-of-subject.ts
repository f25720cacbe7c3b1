import type { HubEvent } from '#contract';
import { rfc3339, type Database } from '#event-log';
import { sql } from 'kysely';
import { reading } from '../reading.ts';
import { eventOf, type TimelineRow } from './event-row.ts';

const AT_ONCE = 50;

/** How much of the log is about a person: instants are RFC 3339 UTC; `others` are persons who share events with this one, at most 20. */
export type SubjectSummary = { events: number; first?: string; last?: string; others: string[] };

const page = (db: Database, subject: string, after: HubEvent['at']): Promise<HubEvent[]> =>
  reading(db, async (tables) => {
    const { rows } = await sql<TimelineRow & { data: Buffer }>`
      select e.tx, e.position, e.id, e.type, e.partner, e.integration, e.tenant, e.correlation_id, e.causation_id, e.occurred_at, e.recorded_at,
        e.schema_version, e.content_type, e.headers, e.data
      from (
        select tx, position from subject_events
        where subject = ${subject}::uuid and (tx, position) > (${String(after.tx)}::xid8, ${String(after.position)}::bigint)
        order by tx, position limit ${AT_ONCE}
      ) as about
      join events as e on e.tx = about.tx and e.position = about.position
      order by e.tx, e.position`.execute(tables);
    return rows.map((row) => ({ ...eventOf(row), data: row.data }));
  });

/** The events and reports that are about a person, in the order of the log, some at a time. */
export const eventsOfSubject = async function* (db: Database, subject: string): AsyncGenerator<HubEvent[]> {
  let after: HubEvent['at'] = { tx: 0n, position: 0n };
  for (;;) {
    const events = await page(db, subject, after);
    const last = events.at(-1);
    if (last === undefined) return;
    yield events;
    after = last.at;
  }
};

/** Counts what is about a person, without reading it. */
export const summariseSubject = (db: Database, subject: string): Promise<SubjectSummary> =>
  reading(db, async (tables) => {
    const { rows } = await sql<{ events: string; first: string | null; last: string | null; others: string[] }>`
      select count(*) as events, min(e.recorded_at) as first, max(e.recorded_at) as last,
        array(select distinct o.subject::text from subject_events as m join subject_events as o using (tx, position)
          where m.subject = ${subject}::uuid and o.subject <> m.subject order by 1 limit 20) as others
      from subject_events as s join events as e on e.tx = s.tx and e.position = s.position
      where s.subject = ${subject}::uuid`.execute(tables);
    const { events, first, last, others } = rows[0]!;
    return { events: Number(events), first: first === null ? undefined : rfc3339(first), last: last === null ? undefined : rfc3339(last), others };
  });
