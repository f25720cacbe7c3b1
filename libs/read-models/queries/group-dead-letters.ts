import { rfc3339, type Database } from '#event-log';
import { sql } from 'kysely';
import { PAGE_LIMIT } from '../pages.ts';
import { reading } from '../reading.ts';
import { setAside, type DeadLetterFilter } from './set-aside.ts';

/** How many of the newest dead letters are looked at. */
const WITHIN = 10_000;

/** Dead letters that failed for the same cause at the same place. `example` is the newest of them. */
export type DeadLetterGroup = {
  cause: string;
  partner: string;
  integration: string;
  action: string;
  count: number;
  oldestAt: string;
  newestAt: string;
  example: { commandId: string; message?: string };
};

/** `complete` is false when there are more dead letters than were looked at. */
export type DeadLetterGroups = { groups: DeadLetterGroup[]; complete: boolean };

type Row = {
  cause: string;
  partner: string;
  integration: string;
  action: string;
  count: string;
  oldest: string;
  newest: string;
  command_id: string;
  message: string | null;
  seen: string;
};

/** The newest 10,000 dead letters, grouped by cause and place, the most frequent first; at most 200 groups. */
export const groupDeadLetters = (db: Database, filter: DeadLetterFilter): Promise<DeadLetterGroups> =>
  reading(db, async (tables) => {
    const { rows } = await sql<Row>`
      with newest as (
        select * from deliveries where ${setAside(filter)} order by last_tx desc, last_position desc limit ${WITHIN + 1}
      )
      select coalesce(failure_code, state) as cause, partner, integration, action, count(*) as count,
        min(last_at) as oldest, max(last_at) as newest,
        (array_agg(command_id order by last_tx desc, last_position desc))[1] as command_id,
        (array_agg(failure_message order by last_tx desc, last_position desc))[1] as message,
        (select count(*) from newest) as seen
      from newest join delivery_kinds as k on k.id = newest.kind
      group by 1, 2, 3, 4
      order by count desc, newest desc
      limit ${PAGE_LIMIT}`.execute(tables);
    const groups = rows.map((row) => ({
      cause: row.cause,
      partner: row.partner,
      integration: row.integration,
      action: row.action,
      count: Number(row.count),
      oldestAt: rfc3339(row.oldest),
      newestAt: rfc3339(row.newest),
      example: { commandId: row.command_id, message: row.message ?? undefined },
    }));
    return { groups, complete: Number(rows[0]?.seen ?? 0) <= WITHIN && rows.length < PAGE_LIMIT };
  });
