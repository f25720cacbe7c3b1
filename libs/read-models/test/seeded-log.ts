import { outcomeEventId, type Command, type CommandOutcome, type CommandReport, type NewEvent, commandId, newCorrelationId } from '#contract';
import { migrate, openDatabase, openEventLog, type Database, type EventLog } from '#event-log';
import { freshDatabase, waitFor } from '#testkit';
import { migrateReadModels, PROJECTIONS, projectChunk } from '../index.ts';

export type SeededLog = { db: Database; log: EventLog; url: string; readable(): Promise<unknown>; project(limit?: number): Promise<void>; end(): Promise<void> };

/** A database of its own with an empty log and empty read models. */
export const seededLog = async (): Promise<SeededLog> => {
  const server = await freshDatabase();
  await migrate(server.url);
  await migrateReadModels(server.url);
  const db = openDatabase({ url: server.url, applicationName: 'read-models-test', max: 8 });
  const log = openEventLog(db);
  // Transactions of other tests on the same cluster hold readers back, too.
  const readable = () =>
    waitFor(async () => (await db.pool.query('select 1 from events where tx >= pg_snapshot_xmin(pg_current_snapshot()) limit 1')).rowCount === 0, { what: 'the log to be readable' });
  return {
    db,
    readable,
    log,
    url: server.url,
    project: async (limit = 500) => {
      await readable();
      for (const projection of PROJECTIONS) while ((await projectChunk(db, projection, limit)) > 0);
    },
    end: async () => {
      log.close();
      await db.close();
      await server.drop();
    },
  };
};

export const anEvent = (more: Partial<NewEvent> = {}): NewEvent => ({
  id: newCorrelationId(),
  type: 'inbound.invoice.paid',
  partner: 'stripe',
  integration: 'acme',
  tenant: 'default',
  correlationId: newCorrelationId(),
  occurredAt: '2026-03-01T12:00:00.000Z',
  schemaVersion: 1,
  contentType: 'application/json',
  data: Buffer.from('{"amount":12}'),
  headers: {},
  ...more,
});

export const aCommand = (more: Partial<Command> = {}): Command => {
  const eventId = more.eventId ?? newCorrelationId();
  return {
    id: commandId(eventId, more.route ?? 'tell-ops', 'slack'),
    partner: 'slack',
    integration: 'ops',
    action: 'post-message',
    lane: 'normal',
    tenant: 'default',
    route: 'tell-ops',
    target: 'slack',
    eventId,
    correlationId: newCorrelationId(),
    hops: 1,
    issuedAt: '2026-03-01T12:00:00.000Z',
    deadline: '2026-03-02T12:00:00.000Z',
    redrive: 0,
    input: { text: 'hi' },
    ...more,
  };
};

/** The fact that says what an attempt came to, as the connector writes it. */
export const anOutcome = (command: Command, attempt: number, outcome: CommandOutcome, more: Partial<CommandReport> = {}): NewEvent => {
  const report: CommandReport = {
    commandId: command.id,
    action: command.action,
    route: command.route,
    target: command.target,
    lane: command.lane,
    attempt,
    redrive: command.redrive,
    durationMs: 12.5,
    command: outcome === 'succeeded' || outcome === 'retrying' ? undefined : command,
    ...more,
  };
  return anEvent({
    id: outcomeEventId(command.id, attempt),
    type: `command.${outcome}`,
    partner: command.partner,
    integration: command.integration,
    correlationId: command.correlationId,
    causationId: command.id,
    data: Buffer.from(JSON.stringify(report)),
  });
};

/** Appends one by one, so that the log's order is the order given. */
export const appendAll = async (log: EventLog, events: readonly NewEvent[]): Promise<void> => {
  for (const event of events) await log.append(event);
};
