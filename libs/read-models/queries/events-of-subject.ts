import type { HubEvent } from '#contract';
import { locateEvents, rfc3339, type Database } from '#event-log';
import { sql } from 'kysely';
import { reading } from '../reading.ts';
import { EVENT_COLUMNS, eventOf } from './event-row.ts';
import { eventsAt } from './places.ts';

const AT_ONCE = 50;

/** How much of the log is about a person: instants are RFC 3339 UTC; `others` are persons who share events with this one, at most 20. */
export type SubjectSummary = { events: number; first?: string; last?: string; others: string[] };

type Place = { tx: string; position: string };
type Some = { events: HubEvent[]; last?: Place };

const nextOf = (db: Database, subject: string, after: Place): Promise<Some> =>
  reading(db, async (tables) => {
    const { rows } = await sql<Place & { id: string }>`
      select tx, position, id from subject_events
      where subject = ${subject}::uuid and (tx, position) > (${after.tx}::xid8, ${after.position}::bigint)
      order by tx, position limit ${AT_ONCE}`.execute(tables);
    const places = await locateEvents(db.pool, rows.map(({ id }) => id));
    const events = await eventsAt(tables, places).select([...EVENT_COLUMNS, 'data']).orderBy('tx').orderBy('position').execute();
    return { events: events.map((row) => ({ ...eventOf(row), data: row.data })), last: rows.at(-1) };
  });

/** The events and reports that are about a person and still on the log, in its order, some at a time. */
export const eventsOfSubject = async function* (db: Database, subject: string): AsyncGenerator<HubEvent[]> {
  let after: Place = { tx: '0', position: '0' };
  for (;;) {
    const { events, last } = await nextOf(db, subject, after);
    if (last === undefined) return;
    yield events;
    after = last;
  }
};

/** Counts what is about a person, without reading it. */
export const summariseSubject = (db: Database, subject: string): Promise<SubjectSummary> =>
  reading(db, async (tables) => {
    const { rows } = await sql<{ events: string; first: string | null; last: string | null; others: string[] }>`
      select count(*) as events, min(recorded_at) as first, max(recorded_at) as last,
        array(select distinct o.subject::text from subject_events as m join subject_events as o using (tx, position)
          where m.subject = ${subject}::uuid and o.subject <> m.subject order by 1 limit 20) as others
      from subject_events where subject = ${subject}::uuid`.execute(tables);
    const { events, first, last, others } = rows[0]!;
    return { events: Number(events), first: first === null ? undefined : rfc3339(first), last: last === null ? undefined : rfc3339(last), others };
  });
