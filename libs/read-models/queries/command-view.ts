import type { CommandState, FailureClass, Lane } from '#contract';
import { rfc3339 } from '#event-log';
import { sql, type RawBuilder, type Selectable } from 'kysely';
import type { ReadTables } from '../tables.ts';

export type FailureView = { class: FailureClass; code: string; message: string };

export type AnswerView = { status?: number; reference?: string };

/** Where a command stands. `failure` is the last there was, also when the command succeeded after it. */
export type CommandView = {
  id: string;
  partner: string;
  integration: string;
  action: string;
  route: string;
  target: string;
  lane: Lane;
  tenant: string;
  state: CommandState;
  attempts: number;
  redrives: number;
  eventId?: string;
  correlationId: string;
  answer?: AnswerView;
  failure?: FailureView;
  nextAttemptAt?: string;
  durationMs?: number;
  firstAt: string;
  lastAt: string;
};

/** A row of `deliveries` with its kind, and with its event as the ledger knows it. */
export type DeliveryRow = ReadTables['deliveries'] & Omit<Selectable<ReadTables['delivery_kinds']>, 'id'> & { event_id: string | null };

/** Completes rows of `deliveries`, which a query gives as `page`. */
export const completed = (page: RawBuilder<unknown>, order: RawBuilder<unknown>): RawBuilder<DeliveryRow> => sql<DeliveryRow>`
  select page.*, k.partner, k.integration, k.action, k.route, k.target, k.tenant, c.event_id
  from (${page}) as page
  join delivery_kinds as k on k.id = page.kind
  left join commands as c on c.id = page.command_id
  order by ${order}`;

const answerOf = (row: DeliveryRow): AnswerView | undefined =>
  row.answer_status === null && row.answer_reference === null
    ? undefined
    : { status: row.answer_status ?? undefined, reference: row.answer_reference ?? undefined };

const failureOf = (row: DeliveryRow): FailureView | undefined =>
  row.failure_code === null
    ? undefined
    : { class: row.failure_class as FailureClass, code: row.failure_code, message: row.failure_message ?? '' };

/** A row of `deliveries` as callers see it. */
export const commandView = (row: DeliveryRow): CommandView => ({
  id: row.command_id,
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
  eventId: row.event_id ?? undefined,
  correlationId: row.correlation_id,
  answer: answerOf(row),
  failure: failureOf(row),
  nextAttemptAt: row.next_attempt_at === null ? undefined : rfc3339(row.next_attempt_at),
  durationMs: row.duration_ms ?? undefined,
  firstAt: rfc3339(row.first_at),
  lastAt: rfc3339(row.last_at),
});
