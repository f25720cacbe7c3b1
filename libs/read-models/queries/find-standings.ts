import type { CommandState } from '#contract';
import { rfc3339, type Database } from '#event-log';
import { reading } from '../reading.ts';

/** How a command stands in the ledger right now. */
export type Standing = { state: CommandState; attempts: number; nextAttemptAt?: string };

/** The ledger's word on each of these commands that it knows, by id. */
export const findStandings = (db: Database, ids: readonly string[]): Promise<Map<string, Standing>> =>
  reading(db, async (tables) => {
    if (ids.length === 0) return new Map();
    const rows = await tables.selectFrom('commands').select(['id', 'state', 'attempts', 'next_attempt_at']).where('id', 'in', [...ids]).execute();
    return new Map(rows.map((row) => [
      row.id,
      { state: row.state, attempts: row.attempts, nextAttemptAt: row.next_attempt_at === null ? undefined : rfc3339(row.next_attempt_at) },
    ]));
  });
