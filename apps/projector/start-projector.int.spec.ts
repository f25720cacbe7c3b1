import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadConfig, type Room } from '#boot';
import { newCorrelationId, type NewEvent } from '#contract';
import { migrate, openDatabase, openEventLog, type Database, type EventLog } from '#event-log';
import { listEvents, migrateReadModels } from '#read-models';
import { freshDatabase, recordSpans, waitFor, type FreshDatabase, type RecordedSpans } from '#testkit';
import { migrateVault } from '#vault';
import { raiseWalls } from '#walls';
import { projectorConfig } from './projector.config.ts';
import { startProjector } from './start-projector.ts';

let server: FreshDatabase;
let db: Database;
let log: EventLog;
let projector: Room & { url: string };
let spans: RecordedSpans;

const start = () => startProjector(loadConfig(projectorConfig, { DATABASE_URL: server.url, PROJECTOR_HEALTH_PORT: '0', PROJECTOR_REST_MS: '5', LOG_LEVEL: 'silent' }), {});

beforeAll(async () => {
  spans = recordSpans();
  server = await freshDatabase();
  await migrate(server.url);
  await migrateReadModels(server.url);
  await migrateVault(server.url);
  await raiseWalls(server.url);
  db = openDatabase({ url: server.url, applicationName: 'projector-test' });
  log = openEventLog(db);
  projector = await start();
});
afterAll(async () => {
  await projector.stop();
  await spans.stop();
  log.close();
  await db.close();
  await server.drop();
});

const anEvent = (): NewEvent => ({
  id: newCorrelationId(),
  type: 'inbound.ping',
  partner: 'generic',
  integration: 'test',
  tenant: 'default',
  correlationId: newCorrelationId(),
  occurredAt: new Date().toISOString(),
  schemaVersion: 1,
  contentType: 'application/json',
  data: Buffer.from('{}'),
  headers: {},
});

const listed = async (): Promise<number> => (await listEvents(db, {}, { limit: 200 })).items.length;

it('shows what is appended, and what was appended while it was away', async () => {
  await Promise.all(Array.from({ length: 20 }, () => log.append(anEvent())));
  await waitFor(async () => (await listed()) === 20, { what: '20 events in the feed' });
  await projector.stop();
  await Promise.all(Array.from({ length: 20 }, () => log.append(anEvent())));
  expect(await listed()).toBe(20);
  projector = await start();
  await waitFor(async () => (await listed()) === 40, { what: '40 events in the feed' });
});

it('is ready while its projections take what they are given, and not while one cannot', async () => {
  const ready = async () => (await fetch(`${projector.url}/health/ready`)).status;
  await waitFor(async () => (await ready()) === 200, { what: 'the projector to be ready' });
  const owner = new pg.Client({ connectionString: server.url });
  await owner.connect();
  await owner.query('alter table deliveries rename to deliveries_away');
  await log.append(anEvent());
  await waitFor(async () => (await ready()) === 503, { what: 'the projector to say that it cannot' });
  await waitFor(async () => (await listed()) === 41, { what: 'the other projections to go on' });
  await owner.query('alter table deliveries_away rename to deliveries');
  await owner.end();
  await waitFor(async () => (await ready()) === 200, { what: 'the projector to be ready again' });
});

it('makes a span of each chunk, and of one that cannot be taken, and none while there is nothing to take', async () => {
  const ofFeed = spans.named('projector.project').filter(({ attributes }) => attributes['trunkline.projection'] === 'event-feed').map(({ attributes }) => Number(attributes['trunkline.events']));
  expect(ofFeed.reduce((sum, events) => sum + events, 0)).toBe(41);
  expect(ofFeed).not.toContain(0);
  const failed = spans.named('projector.project').filter(({ status }) => status.message !== undefined);
  expect(new Set(failed.map(({ attributes }) => attributes['trunkline.projection']))).toEqual(new Set(['deliveries']));
});

it('outlives its connections', async () => {
  const owner = new pg.Client({ connectionString: server.url });
  await owner.connect();
  await owner.query(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'trunkline-projector' and datname = current_database()`);
  await owner.end();
  await log.append(anEvent());
  await waitFor(async () => (await listed()) === 42, { what: 'the projector to come back' });
});
