import { loadConfig, type Room } from '#boot';
import { ABOUT_HEADER, CARRIED, isSealed, commandId, type Acting, newCorrelationId, outcomeEventId, type Command, type CommandOutcome, type CommandReport, type Manifest, type NewEvent } from '#contract';
import { MANIFEST_STREAM, migrate, openCommandLedger, openDatabase, openEventLog, type CommandLedger, type Database, type EventLog, type Outcome } from '#event-log';
import { migrateReadModels, PROJECTIONS, projectChunk } from '#read-models';
import { freshDatabase, TEST_MASTER_KEYS, waitFor } from '#testkit';
import { migrateVault, openApiKeys, openMasterKeys, openPeople, type ApiKeys, type People } from '#vault';
import { raiseWalls } from '#walls';
import { consoleConfig } from '../console.config.ts';
import { startConsole } from '../start-console.ts';

export const MANIFEST: Manifest = {
  version: 1,
  integrations: [
    {
      partner: 'stripe', name: 'acme', tenant: 'default', paused: false, webhook: { secrets: ['${STRIPE_SECRET}'] },
      credentials: { apiKey: 'sk_never_shown' }, settings: { baseUrl: 'https://never.shown' }, limits: { concurrency: 4, perSecond: 10, timeoutMs: 10_000 },
    },
    { partner: 'slack', name: 'ops', tenant: 'default', paused: true, credentials: {}, settings: {}, limits: { concurrency: 4, perSecond: 1, timeoutMs: 10_000 }, budget: { calls: 4, per: 'day' } },
  ],
  routes: [
    {
      name: 'tell-ops', on: 'stripe.acme.inbound.invoice.>', when: { body: { amount: { $gt: 10 } } },
      to: [{ name: 'slack', do: 'slack.ops.post-message', with: '{ "text": body.amount }', lane: 'high', deadlineMs: 60_000 }],
    },
    {
      name: 'broken', on: 'stripe.*.inbound.invoice.paid',
      to: [{ name: 'nowhere', do: 'slack.ops.post-message', with: 'body.nothing', lane: 'low', deadlineMs: 60_000 }],
    },
    { name: 'other', on: 'github.>', to: [{ name: 'slack', do: 'slack.ops.post-message', lane: 'low', deadlineMs: 60_000 }] },
  ],
};

const STATE: Record<CommandOutcome, Outcome['state']> = {
  succeeded: 'succeeded', retrying: 'waiting', 'dead-lettered': 'dead', expired: 'expired', skipped: 'skipped', uncertain: 'uncertain',
};

export type Answer = { status: number; type: string; headers: Headers; body: any };

export type ConsoleWorld = {
  url: string;
  log: EventLog;
  db: Database;
  databaseUrl: string;
  keys: ApiKeys;
  /** Persons, as ingest and the router know them. */
  people: People;
  /** With the key of ana, an administrator. */
  ask(path: string, init?: RequestInit): Promise<Answer>;
  /** With this key, or with none. */
  askAs(key: string | undefined, path: string, init?: RequestInit): Promise<Answer>;
  /** Everything appended so far is in the read models when it returns. */
  project(): Promise<void>;
  /** Carries out one attempt as the connector does: claim, then settle with the fact. */
  attempt(command: Command, outcome: CommandOutcome, more?: Partial<CommandReport>, occurredAt?: string): Promise<void>;
  end(): Promise<void>;
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

/** The command that MANIFEST's route `tell-ops` makes of an event. */
export const commandOf = (event: NewEvent): Command => ({
  id: commandId(event.id, 'tell-ops', 'slack'),
  partner: 'slack',
  integration: 'ops',
  action: 'post-message',
  lane: 'high',
  tenant: 'default',
  route: 'tell-ops',
  target: 'slack',
  eventId: event.id,
  correlationId: event.correlationId,
  hops: 1,
  issuedAt: new Date().toISOString(),
  deadline: new Date(Date.now() + 60_000).toISOString(),
  redrive: 0,
  input: { text: 12 },
});

const reportOf = (command: Command, attempt: number, outcome: CommandOutcome, more: Partial<CommandReport>): CommandReport => ({
  commandId: command.id,
  action: command.action,
  route: command.route,
  target: command.target,
  lane: command.lane,
  attempt,
  redrive: command.redrive,
  durationMs: 12,
  command: outcome === 'succeeded' || outcome === 'retrying' ? undefined : command,
  ...more,
});

const attemptWith = (ledger: CommandLedger): ConsoleWorld['attempt'] => async (command, outcome, more = {}, occurredAt = undefined) => {
  const claim = await ledger.claim(command);
  if (claim.kind !== 'claimed') throw new Error(`Command ${command.id} could not be claimed: ${JSON.stringify(claim)}`);
  const event = anEvent({
    id: outcomeEventId(command.id, claim.attempt),
    type: `command.${outcome}`,
    partner: command.partner,
    integration: command.integration,
    tenant: command.tenant,
    correlationId: command.correlationId,
    causationId: command.id,
    headers: { [CARRIED.hops]: String(command.hops), ...(isSealed(command) && { [ABOUT_HEADER]: command.sealed.subjects.join(',') }) },
    data: Buffer.from(JSON.stringify(reportOf(command, claim.attempt, outcome, more))),
    ...(occurredAt === undefined ? {} : { occurredAt }),
  });
  const nextAttemptAt = outcome === 'retrying' ? more.nextAttemptAt : undefined;
  await ledger.settle({ commandId: command.id, attempt: claim.attempt, state: STATE[outcome], nextAttemptAt, failure: more.failure, refund: 0, event });
};

export const applyManifest = async (log: EventLog, manifest: Manifest, version: number): Promise<void> => {
  const event = anEvent({ type: 'operator.manifest-applied', partner: 'trunkline', integration: 'hub', data: Buffer.from(JSON.stringify(manifest)) });
  await log.appendExpected({ ...event, stream: { name: MANIFEST_STREAM, version } });
};

/** Whoever sets up a test. */
export const TESTER: Acting = { who: { kind: 'local', id: 'tester', name: 'tester', tenant: undefined, scopes: ['admin'] }, from: 'here' };

const askAt = (url: string): ConsoleWorld['askAs'] => async (key, path, init = {}) => {
  const headers = { ...(key !== undefined && { authorization: `Bearer ${key}` }), ...(init.headers as Record<string, string> | undefined) };
  const response = await fetch(`${url}${path}`, { ...init, headers });
  const type = response.headers.get('content-type')?.split(';')[0] ?? '';
  const text = await response.text();
  return { status: response.status, type, headers: response.headers, body: type.endsWith('json') ? JSON.parse(text) : text };
};

/** A console over a database of its own, with MANIFEST applied. */
export const consoleWorld = async (env: Record<string, string> = {}): Promise<ConsoleWorld> => {
  const server = await freshDatabase();
  await migrate(server.url);
  await migrateReadModels(server.url);
  await migrateVault(server.url);
  await raiseWalls(server.url);
  const db = openDatabase({ url: server.url, applicationName: 'console-test' });
  const log = openEventLog(db);
  const keys = openApiKeys(db);
  const people = openPeople(db, openMasterKeys(TEST_MASTER_KEYS));
  const { text } = await keys.create({ name: 'ana', scopes: ['admin'] }, TESTER);
  await applyManifest(log, MANIFEST, 1);
  const config = loadConfig(consoleConfig, { DATABASE_URL: server.url, MASTER_KEYS: TEST_MASTER_KEYS, CONSOLE_PORT: '0', LOG_LEVEL: 'error', CONSOLE_RATE_PER_SECOND: '0', CONSOLE_RATE_PER_KEY: '0', ...env });
  const console: Room & { url: string } = await startConsole(config, {});
  const readable = async () => (await db.pool.query('select 1 from events where tx >= pg_snapshot_xmin(pg_current_snapshot()) limit 1')).rowCount === 0;
  return {
    url: console.url,
    log,
    db,
    keys,
    people,
    databaseUrl: server.url,
    ask: (path, init) => askAt(console.url)(text, path, init),
    askAs: askAt(console.url),
    project: async () => {
      await waitFor(readable, { what: 'the log to be readable' });
      for (const projection of PROJECTIONS) while ((await projectChunk(db, projection, 500)) > 0);
    },
    attempt: attemptWith(openCommandLedger(db, { owner: 'test', leaseMs: 60_000 })),
    end: async () => {
      await console.stop();
      await people.close();
      log.close();
      await db.close();
      await server.drop();
    },
  };
};
