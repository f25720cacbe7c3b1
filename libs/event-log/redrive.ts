import { HubError, outcomeEventId, operatorEventId, CARRIED, type Acting, type CommandReport, type CommandState, type NewEvent } from '#contract';
import type { Database } from './database.ts';
import { toRow } from './event-rows.ts';
import { readDroppedAt, readEvent } from './find-event.ts';
import { recordAct } from './record-act.ts';
import { loadStatement, run, type Runner } from './statement.ts';

const RELEASE = loadStatement('release-command', import.meta.url);

type Standing = { state: CommandState; attempts: number; redrives: number };

/** When it was asked for (RFC 3339 UTC), and by whom. `traceparent` is the span under which the redrive shows in the flow's trace. */
export type RedriveRequest = { commandId: string; by: Acting; at: string; traceparent?: string };

const standingOf = async (on: Runner, commandId: string): Promise<Standing> => {
  const { rows } = await on.query<Standing>('select state, attempts, redrives from commands where id = $1', [commandId]);
  if (rows[0] === undefined) throw new HubError('not-found', `No command ${commandId} is in the ledger. Look it up under /v1/commands.`);
  return rows[0];
};

const notRedrivable = (commandId: string, state: string): HubError =>
  new HubError('not-redrivable', `Command ${commandId} is ${state}; only dead, expired, skipped and uncertain commands can be sent again.`);

/**
 * Sends a settled command again, under its own id: the partner still recognises its idempotency key.
 * The ledger's release, the fact `operator.redrive-requested` and the audit record are one write; the router does the rest.
 * Throws `not-found`, `not-redrivable`, `log-unavailable`. Returns the id of the event.
 */
export const redrive = async (db: Database, request: RedriveRequest): Promise<{ eventId: string; redrive: number; correlationId: string }> => {
  const standing = await standingOf(db.pool, request.commandId);
  const lastId = outcomeEventId(request.commandId, standing.attempts);
  const last = await readEvent(db, lastId);
  const report = last && (JSON.parse(last.data.toString('utf8')) as CommandReport);
  if (last === undefined && (await readDroppedAt(db, lastId)) !== undefined) {
    throw new HubError('not-redrivable', `Command ${request.commandId} cannot be sent again: the record of it is gone, since its retention was over.`);
  }
  if (last === undefined || report?.command === undefined) throw notRedrivable(request.commandId, standing.state);
  const round = standing.redrives + 1;
  const event: NewEvent = {
    id: operatorEventId('redrive', request.commandId, round),
    type: 'operator.redrive-requested',
    partner: last.partner,
    integration: last.integration,
    tenant: last.tenant,
    correlationId: last.correlationId,
    causationId: last.id,
    occurredAt: request.at,
    schemaVersion: 1,
    contentType: 'application/json',
    data: Buffer.from(JSON.stringify({ by: request.by.who.name, redrive: round, command: report.command })),
    headers: request.traceparent === undefined ? last.headers : { ...last.headers, [CARRIED.traceparent]: request.traceparent },
  };
  const values = toRow(event);
  return recordAct(db, 'redrive', request.by, async (client) => {
    const { rowCount } = await run(client, RELEASE, [...values, request.commandId, standing.attempts, standing.redrives]);
    if (rowCount === 0) throw notRedrivable(request.commandId, (await standingOf(client, request.commandId)).state);
    const result = { eventId: event.id, redrive: round, correlationId: event.correlationId };
    return { result, subject: request.commandId, changed: { from: standing.state, to: 'released', redrive: round }, factId: event.id };
  });
};
