import type { FailureClass } from '#contract';
import { rfc3339, type CommandRow, type Database } from '#event-log';
import { sql, type Selectable } from 'kysely';
import { reading } from '../reading.ts';
import { commandView, completed, type CommandView } from './command-view.ts';

/** A command of which the log has no outcome yet. */
const fromLedger = (row: Selectable<CommandRow>): CommandView => ({
  id: row.id,
  partner: row.partner,
  integration: row.integration,
  action: row.action,
  route: row.route,
  target: row.target,
  lane: row.lane,
  tenant: row.tenant,
  state: row.state,
  attempts: row.attempts,
  redrives: row.redrives,
  eventId: row.event_id,
  correlationId: row.correlation_id,
  failure: row.last_failure === null ? undefined : { ...row.last_failure, class: row.last_failure.class as FailureClass },
  nextAttemptAt: row.next_attempt_at === null ? undefined : rfc3339(row.next_attempt_at),
  firstAt: rfc3339(row.created_at),
  lastAt: rfc3339(row.updated_at),
});

/** One command: what the read model says of its outcomes, and the ledger's word on where it stands now. Undefined when neither knows it. */
export const findCommand = (db: Database, id: string): Promise<CommandView | undefined> =>
  reading(db, async (tables) => {
    const [ledger, delivery] = await Promise.all([
      tables.selectFrom('commands').selectAll().where('id', '=', id).executeTakeFirst(),
      completed(sql`select * from deliveries where command_id = ${id}::uuid`, sql`page.command_id`).execute(tables),
    ]);
    const row = delivery.rows[0];
    if (row === undefined) return ledger && fromLedger(ledger);
    const view = commandView(row);
    if (ledger === undefined) return view;
    return { ...view, state: ledger.state, attempts: Math.max(view.attempts, ledger.attempts), redrives: ledger.redrives };
  });
