import { createHmac } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig, type Room } from '#boot';
import { listAccountStates, openDatabase, sumWebhookTallies, type Database } from '#event-log';
import { METRICS } from '#telemetry';
import { scratchFolder, startTestNats, startTestPostgres, TEST_MASTER_KEYS, waitFor, type TestNats, type TestPostgres } from '#testkit';
import { COMMANDS } from '../apps/cli/commands.ts';
import { connectorConfig } from '../apps/connector/connector.config.ts';
import { startConnector } from '../apps/connector/connector.start.ts';
import { consoleConfig } from '../apps/console/console.config.ts';
import { startConsole } from '../apps/console/start-console.ts';
import { ingestConfig } from '../apps/ingest/ingest.config.ts';
import { startIngest } from '../apps/ingest/ingest.start.ts';
import { projectorConfig } from '../apps/projector/projector.config.ts';
import { startProjector } from '../apps/projector/start-projector.ts';
import { relayConfig } from '../apps/relay/relay.config.ts';
import { startRelay } from '../apps/relay/relay.start.ts';
import { routerConfig } from '../apps/router/router.config.ts';
import { startRouter } from '../apps/router/router.start.ts';
import { startSandbox, type Sandbox } from '../apps/sandbox/start-sandbox.ts';
import { scrape } from './scraped.ts';

const SECRET = 'shop-secret';
const MANIFEST = `
version: 1
integrations:
  - partner: generic
    name: shop
    webhook:
      secrets: ['\${SHOP_SECRET}']
      signature: { kind: hmac, algorithm: sha256, encoding: hex, signature: { header: x-signature }, signed: '{body}' }
  - partner: http
    name: warehouse
    settings: { baseUrl: '\${SANDBOX_URL}/http' }
    limits: { concurrency: 4, perSecond: 0 }
    budget: { calls: 8, per: month }
routes:
  - name: orders
    on: generic.shop.inbound.>
    to: [{ name: book, do: http.warehouse.send, with: '{ "url": "/orders", "json": body }' }]
`;
const INBOUND = { partner: 'generic', integration: 'shop' };
const ACCOUNT = { partner: 'http', integration: 'warehouse' };
const LANE = { ...ACCOUNT, lane: 'normal' };
const CALL = { ...ACCOUNT, action: 'send' };

let postgres: TestPostgres;
let nats: TestNats;
let sandbox: Sandbox;
let dir: string;
let env: NodeJS.ProcessEnv;
let db: Database;
const rooms: (Room & { url: string })[] = [];
let [ingest, relay, projector, console_] = ['', '', '', ''];

const open = async (room: Promise<Room>): Promise<string> => {
  const started = (await room) as Room & { url: string };
  rooms.push(started);
  return started.url;
};
const openConnector = () => open(startConnector(loadConfig(connectorConfig, env), env));

beforeAll(async () => {
  [postgres, nats, sandbox, dir] = await Promise.all([startTestPostgres({ durable: false }), startTestNats(), startSandbox({ port: 0 }), scratchFolder('metrics')]);
  env = {
    MASTER_KEYS: TEST_MASTER_KEYS, DATABASE_URL: postgres.url, NATS_URL: nats.url, SANDBOX_URL: sandbox.url, SHOP_SECRET: SECRET, LOG_LEVEL: 'silent', CONNECTOR_PARTNER: 'http',
    INGEST_HOST: '127.0.0.1', INGEST_TALLY_EVERY_MS: '100', CONNECTOR_BREAKER_FAILURES: '3', CONNECTOR_BACKOFF_BASE_MS: '50',
    ...Object.fromEntries(['INGEST_PORT', 'CONSOLE_PORT', 'RELAY_HEALTH_PORT', 'ROUTER_HEALTH_PORT', 'CONNECTOR_HEALTH_PORT', 'PROJECTOR_HEALTH_PORT'].map((name) => [name, '0'])),
  };
  const file = join(dir, 'trunkline.yaml');
  await writeFile(file, MANIFEST);
  await COMMANDS['migrate']!.run('', env);
  await COMMANDS['apply']!.run(file, env);
  db = openDatabase({ url: postgres.url, applicationName: 'metrics-test', max: 1 });
  relay = await open(startRelay(loadConfig(relayConfig, env), env));
  await open(startRouter(loadConfig(routerConfig, env), env));
  ingest = await open(startIngest(loadConfig(ingestConfig, env), env));
  projector = await open(startProjector(loadConfig(projectorConfig, env), env));
  console_ = await open(startConsole(loadConfig(consoleConfig, env), env));
  await waitFor(async () => (await fetch(`${ingest}/health/ready`)).ok, { what: 'ingest to be ready' });
}, 120_000);
afterAll(async () => {
  for (const room of rooms.toReversed()) await room.stop();
  await db?.close();
  await Promise.all([sandbox?.stop(), nats?.stop(), postgres?.stop()]);
  await rm(dir, { recursive: true, force: true });
}, 60_000);

const send = async (order: number, { path = '/webhooks/generic/shop', secret = SECRET } = {}): Promise<number> => {
  const body = JSON.stringify({ type: 'order.paid', order });
  const signature = createHmac('sha256', secret).update(body).digest('hex');
  const answer = await fetch(ingest + path, { method: 'POST', headers: { 'content-type': 'application/json', 'x-signature': signature }, body });
  return answer.status;
};
const setFaults = (faults: object) => fetch(`${sandbox.url}/_sandbox/faults`, { method: 'PUT', body: JSON.stringify({ partner: 'http', ...faults }) });
const state = async (name: string) => (await scrape(relay)).value('trunkline_connector_account_state', { ...ACCOUNT, state: name });

describe('metrics of rooms at work', () => {
  it('are on every room that is made of the library, in Prometheus\' format', async () => {
    for (const url of [ingest, relay, projector, console_]) {
      expect((await scrape(url)).type).toContain('text/plain; version=0.0.4');
      await waitFor(async () => (await scrape(url)).value('trunkline_log_ready') === 1, { what: `the log to be ready at ${url}` });
    }
  });

  it('are not told to what a proxy passed on', async () => {
    const answer = await fetch(`${ingest}/metrics`, { headers: { 'x-forwarded-for': '203.0.113.9' } });
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ cause: 'not-found' });
  });

  it('count webhooks by what became of them', async () => {
    expect([await send(1), await send(2), await send(2), await send(3, { secret: 'wrong' })]).toEqual([202, 202, 200, 401]);
    const { value } = await scrape(ingest);
    const counted = (outcome: string) => value('trunkline_ingest_webhooks_total', { ...INBOUND, outcome });
    expect(['accepted', 'duplicate', 'signature-refused', 'stale-timestamp'].map(counted)).toEqual([2, 1, 1, undefined]);
    expect(Date.now() / 1_000 - value('trunkline_ingest_last_good_timestamp_seconds', INBOUND)!).toBeLessThan(60);
    expect(value('trunkline_log_batch_items_sum', { operation: 'append' })).toBe(3);
    expect(value('trunkline_log_batch_duration_seconds_sum', { operation: 'append' })).toBeGreaterThan(0);
  });

  it('are beside what ingest tells the notifier: sums by integration, and nothing of strangers', async () => {
    const sums = await waitFor(async () => {
      const known = await sumWebhookTallies(db, 600);
      return known[0]?.good === 3 && known;
    }, { what: 'the tallies of ingest' });
    expect(sums).toEqual([{ ...INBOUND, good: 3, refused: 1, stale: 0, other: 0 }]);
  });

  it('never make a label of a name that a stranger chose', async () => {
    for (let i = 0; i < 20; i++) expect(await send(i, { path: `/webhooks/evil-${i}/evil-${i}` })).toBe(404);
    expect(await send(1, { path: '/webhooks/generic/evil' })).toBe(404);
    const { samples, value } = await scrape(ingest);
    expect(samples.filter(({ labels }) => Object.values(labels).some((label) => label.includes('evil')))).toEqual([]);
    expect(value('trunkline_ingest_webhooks_total', { partner: '-', integration: '-', outcome: 'unknown-partner' })).toBe(20);
    expect(value('trunkline_ingest_webhooks_total', { partner: '-', integration: '-', outcome: 'unknown-integration' })).toBe(1);
  });

  it('tell what waits for a connector that is not there, and since when', async () => {
    const waiting = await waitFor(async () => {
      const seen = await scrape(relay);
      return seen.value('trunkline_queue_depth', LANE) === 2 ? seen : undefined;
    }, { what: 'two commands in the queue' });
    const first = waiting.value('trunkline_queue_oldest_pending_seconds', LANE)!;
    expect(first).toBeGreaterThan(0);
    const later = await waitFor(async () => {
      const seconds = (await scrape(relay)).value('trunkline_queue_oldest_pending_seconds', LANE)!;
      return seconds > first ? seconds : undefined;
    });
    expect(later - first).toBeLessThan(30);
    expect(waiting.named('trunkline_connector_account_state')).toEqual([]);
    expect(waiting.value('trunkline_router_waiting_events')).toBe(0);
    expect(waiting.value('trunkline_relay_events_total')).toBeGreaterThanOrEqual(2);
  });

  it('tell how far the readers of the log are, on the projector and on the console', async () => {
    for (const url of [projector, console_]) {
      await waitFor(async () => (await scrape(url)).value('trunkline_reader_lag_events', { reader: 'projection:deliveries' }) === 0, { what: 'the projection to catch up' });
      await waitFor(async () => (await scrape(url)).value('trunkline_reader_lag_events', { reader: 'relay' }) === 0, { what: 'the relay to catch up' });
    }
    const { value } = await scrape(projector);
    expect(value('trunkline_reader_lag_seconds', { reader: 'relay' })).toBe(0);
    expect(value('trunkline_reader_position', { reader: 'relay' })).toBeGreaterThanOrEqual(2);
  });

  it('count calls, attempts and waits once there is a connector, and the queue empties', async () => {
    await openConnector();
    await waitFor(async () => (await scrape(relay)).value('trunkline_connector_attempts_total', { ...CALL, outcome: 'succeeded', class: 'ok' }) === 2, { what: 'two calls' });
    await waitFor(async () => (await scrape(relay)).value('trunkline_queue_depth', LANE) === undefined, { what: 'the queue to be empty' });
    const { value } = await scrape(relay);
    expect(value('trunkline_connector_call_duration_seconds_count', { ...CALL, class: 'ok' })).toBe(2);
    expect(value('trunkline_connector_call_duration_seconds_bucket', { ...CALL, class: 'ok', le: '+Inf' })).toBe(2);
    expect(value('trunkline_connector_dead_letters_total', CALL)).toBe(0);
    expect(value('trunkline_connector_retries_total', CALL)).toBeUndefined();
    expect(value('trunkline_connector_limiter_wait_seconds_count', ACCOUNT)).toBe(2);
    expect(value('trunkline_connector_limiter_waiting', ACCOUNT)).toBe(0);
    expect(value('trunkline_connector_concurrency_use_percent', ACCOUNT)).toBe(0);
    expect(await Promise.all(['open', 'breaker-open', 'held', 'shut'].map(state))).toEqual([1, 0, 0, 0]);
    expect(value('trunkline_queue_oldest_pending_seconds', LANE)).toBeUndefined();
    expect(value('trunkline_log_batch_items_count', { operation: 'settle' })).toBeGreaterThan(0);
  });

  it('tell how much of a budget is spent, on the console', async () => {
    const spent = async (name: string) => (await scrape(console_)).value(name, { ...ACCOUNT, per: 'month' });
    await waitFor(async () => (await spent('trunkline_budget_calls')) === 2, { what: 'the projector to have counted' });
    expect(await spent('trunkline_budget_spent_percent')).toBe(25);
  });

  it('show the breaker open while a partner fails, and its retries; and closed again afterwards', async () => {
    await setFaults({ failRate: 1, status: 503 });
    await send(10);
    await waitFor(async () => (await state('breaker-open')) === 1, { what: 'the breaker to open' });
    const failing = await scrape(relay);
    expect(failing.value('trunkline_connector_call_duration_seconds_count', { ...CALL, class: 'transient' })).toBeGreaterThanOrEqual(3);
    expect(failing.value('trunkline_connector_retries_total', CALL)).toBeGreaterThanOrEqual(2);
    expect(await state('open')).toBe(0);
    await waitFor(async () => (await listAccountStates(db)).some(({ state: told }) => told === 'breaker-open'), { what: 'the connector to have told of it' });
    await setFaults({ failRate: 0 });
    await waitFor(async () => (await state('open')) === 1, { what: 'the breaker to close' });
    await waitFor(async () => (await listAccountStates(db))[0]?.state === 'open', { what: 'the connector to have told of that, too' });
  });

  it('count dead letters', async () => {
    await waitFor(async () => (await scrape(relay)).value('trunkline_queue_depth', LANE) === undefined, { what: 'the queue to be empty' });
    await setFaults({ failRate: 1, status: 422 });
    await send(11);
    await waitFor(async () => (await scrape(relay)).value('trunkline_connector_dead_letters_total', CALL) === 1, { what: 'a dead letter' });
    expect((await scrape(relay)).value('trunkline_connector_attempts_total', { ...CALL, outcome: 'dead-lettered', class: 'client' })).toBe(1);
    await setFaults({ failRate: 0 });
  });

  it('are all in the catalogue', async () => {
    const known = new Set(Object.values(METRICS).flatMap(({ name, kind }) => (kind === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name])));
    expect((await scrape(relay)).samples.filter(({ name }) => !known.has(name))).toEqual([]);
  });
});

describe('metrics while a server is away', () => {
  it('leave out what only NATS knows, and come all the same', async () => {
    await nats.halt();
    await waitFor(async () => (await scrape(relay)).value('trunkline_router_waiting_events') === undefined, { what: 'the gauge to be absent' });
    const { value } = await scrape(relay);
    expect(value('trunkline_log_ready')).toBe(1);
    await nats.resume();
    await waitFor(async () => (await scrape(relay)).value('trunkline_router_waiting_events') === 0, { what: 'the gauge to be back' });
  });

  it('leave out what only Postgres knows, say that the log is away, and come all the same', async () => {
    await postgres.halt();
    expect(await waitFor(async () => ((await send(20)) === 503 ? true : undefined))).toBe(true);
    const { value, named } = await waitFor(async () => {
      const seen = await scrape(projector);
      return seen.value('trunkline_log_ready') === 0 ? seen : undefined;
    }, { what: 'the log to be said to be away' });
    expect(named('trunkline_reader_lag_seconds')).toEqual([]);
    expect(value('trunkline_ingest_webhooks_total', { ...INBOUND, outcome: 'log-unavailable' })).toBeGreaterThan(0);
    expect(value('trunkline_log_failures_total')).toBeGreaterThan(0);
    await postgres.resume();
    await waitFor(async () => (await scrape(projector)).value('trunkline_reader_lag_events', { reader: 'relay' }) !== undefined, { what: 'lag to be back' });
  });
});
