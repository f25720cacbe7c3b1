import { outcomeEventId, type CommandOutcome, type CommandReport } from '#contract';
import { locateEvents, rfc3339, type Database } from '#event-log';
import { PAGE_LIMIT } from '../pages.ts';
import { reading } from '../reading.ts';
import { eventsAt } from './places.ts';
import { readReport } from './read-report.ts';

export type AttemptView = Pick<CommandReport, 'attempt' | 'redrive' | 'durationMs' | 'answer' | 'failure' | 'nextAttemptAt'> & {
  outcome: CommandOutcome;
  at: string;
  eventId: string;
};

/** What each attempt at a command came to, oldest first; the last 200 of them that are still on the log. Their events' ids are derived, so each is one look-up. */
export const listAttempts = (db: Database, commandId: string, attempts: number): Promise<AttemptView[]> =>
  reading(db, async (tables) => {
    const first = Math.max(1, attempts - PAGE_LIMIT + 1);
    const ids = Array.from({ length: Math.max(0, attempts - first + 1) }, (_, index) => outcomeEventId(commandId, first + index));
    const rows = await eventsAt(tables, await locateEvents(db.pool, ids)).select(['id', 'type', 'occurred_at', 'data']).orderBy('tx').orderBy('position').execute();
    return rows.flatMap((row) => {
      const report = readReport(row.data);
      if (report === undefined) return [];
      const { attempt, redrive, durationMs, answer, failure, nextAttemptAt } = report;
      const outcome = row.type.slice('command.'.length) as CommandOutcome;
      return [{ attempt, redrive, durationMs, answer, failure, nextAttemptAt, outcome, at: rfc3339(row.occurred_at), eventId: row.id }];
    });
  });
