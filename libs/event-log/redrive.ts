import { HubError, outcomeEventId, operatorEventId, CARRIED, type CommandReport, type CommandState, type NewEvent } from '#contract';
import type { Database } from './database.ts';
import type { EventLog } from './event-log.ts';
import { toRow } from './event-rows.ts';
import { asOutage } from './outages.ts';
import { loadStatement, run } from './statement.ts';

const RELEASE = loadStatement('release-command', import.meta.url);

type Standing = { state: CommandState; attempts: number; redrives: number };

/** Who asked, and when (RFC 3339 UTC). `traceparent` is the span under which the redrive shows in the flow's trace. */
export type RedriveRequest = { commandId: string; by: string; at: string; traceparent?: string };

const standingOf = async (db: Database, commandId: string): Promise<Standing> => {
  const { rows } = await db.pool.query<Standing>('select state, attempts, redrives from commands where id = $1', [commandId]);
  if (rows[0] === undefined) throw new HubError('not-found', `No command ${commandId} is in the ledger. Look it up under /v1/commands.`);
  return rows[0];
};

const notRedrivable = (commandId: string, state: string): HubError =>
  new HubError('not-redrivable', `Command ${commandId} is ${state}; only dead, expired, skipped and uncertain commands can be sent again.`);

/**
 * Sends a settled command again, under its own id: the partner still recognises its idempotency key.
 * The ledger's release and the fact `operator.redrive-requested` are one write; the router does the rest.
 * Throws `not-found`, `not-redrivable`, `log-unavailable`. Returns the id of the event.
 */
export const redrive = async (db: Database, log: EventLog, request: RedriveRequest): Promise<{ eventId: string; redrive: number; correlationId: string }> => {
  const standing = await standingOf(db, request.commandId);
  const last = await log.find(outcomeEventId(request.commandId, standing.attempts));
  const report = last && (JSON.parse(last.data.toString('utf8')) as CommandReport);
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
    data: Buffer.from(JSON.stringify({ by: request.by, redrive: round, command: report.command })),
    headers: request.traceparent === undefined ? last.headers : { ...last.headers, [CARRIED.traceparent]: request.traceparent },
  };
  const values = toRow(event);
  const { rowCount } = await run(db.pool, RELEASE, [...values, request.commandId, standing.attempts, standing.redrives]).catch((error) => {
    throw asOutage(error);
  });
  if (rowCount === 0) throw notRedrivable(request.commandId, (await standingOf(db, request.commandId)).state);
  return { eventId: event.id, redrive: round, correlationId: event.correlationId };
};
