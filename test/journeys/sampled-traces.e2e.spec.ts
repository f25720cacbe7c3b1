import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { traceIdOf } from '#contract';
import { freshDatabase, scratchFolder, startTestNats, waitFor, type FreshDatabase, type TestNats } from '#testkit';
import { startHub, type Hub } from '../harness/hub.ts';
import { orderFaults, sendOrder, SHOP_MANIFEST, SHOP_SECRET } from '../harness/shop-orders.ts';
import { startOtlpReceiver, type ReceivedSpan } from '../otlp-receiver.ts';
import { scrape } from '../scraped.ts';

const SLOW_MS = 1_500;

let database: FreshDatabase;
let nats: TestNats;
let receiver: Awaited<ReturnType<typeof startOtlpReceiver>>;
let hub: Hub;

beforeAll(async () => {
  [database, nats, receiver] = await Promise.all([freshDatabase(), startTestNats(), startOtlpReceiver()]);
  hub = await startHub({
    databaseUrl: database.url,
    natsUrl: nats.url,
    manifest: SHOP_MANIFEST,
    partners: ['http'],
    dir: await scratchFolder('sampled-traces'),
    env: {
      SHOP_SECRET, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${receiver.url}/v1/traces`, OTEL_BSP_SCHEDULE_DELAY: '100', CONNECTOR_BACKOFF_BASE_MS: '50',
      // Nothing is in the sample.
      OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '0',
      // Only a span by itself is slow here: on a busy machine any flow may take long.
      TRACE_SLOW_SPAN_MS: String(SLOW_MS), TRACE_SLOW_FLOW_MS: '600000',
    },
  });
}, 240_000);
afterAll(async () => {
  await hub?.stop();
  await Promise.all([receiver?.stop(), nats?.stop()]);
  await database?.drop();
}, 60_000);
afterEach(() => orderFaults(hub, undefined));

const namesOf = (spans: ReceivedSpan[], correlationId: string): string[] => spans.filter(({ traceId }) => traceId === traceIdOf(correlationId)).map(({ name }) => name);
const traceWith = async (correlationId: string, wanted: string[]): Promise<string[]> =>
  namesOf(await receiver.until((spans) => wanted.every((name) => namesOf(spans, correlationId).includes(name))), correlationId);

const attempts = async (outcome: string): Promise<number> =>
  (await scrape(hub.rooms.get('connector-http')!.url)).value('trunkline_connector_attempts_total', { outcome }) ?? 0;

it('outside the sample a failure is traced from where it happened on, and what went well is not', async () => {
  const good = await sendOrder(hub, 1);
  await waitFor(async () => (await attempts('succeeded')) === 1, { what: 'an order that went well' });
  await orderFaults(hub, { failRate: 1, status: 422 });
  const bad = await sendOrder(hub, 2);
  // The outcome of a failed attempt says "sampled", and so the relay, another process, keeps its publication.
  expect((await traceWith(bad.correlationId, ['connector.call', 'relay.publish'])).sort()).toEqual(['connector.call', 'relay.publish']);
  expect(namesOf(receiver.spans, good.correlationId)).toEqual([]);
  const ingest = await scrape(hub.ingestUrl);
  expect(ingest.value('trunkline_traces_spans_total', { fate: 'sampled' })).toBeUndefined();
  // Ingest by itself lets go of both at once: no later span of it could ask for them.
  expect(ingest.value('trunkline_traces_spans_total', { fate: 'dropped' })).toBe(2);
});

it('outside the sample an attempt that repeats another one is traced, although it went well', async () => {
  await orderFaults(hub, { failRate: 1, status: 503 });
  const { correlationId } = await sendOrder(hub, 3);
  await traceWith(correlationId, ['connector.call']);
  await orderFaults(hub, undefined);
  const ended = (spans: ReceivedSpan[]) => spans.find((span) => span.traceId === traceIdOf(correlationId) && span.name === 'connector.call' && span.status !== 2);
  const last = ended(await receiver.until((spans) => ended(spans) !== undefined))!;
  expect(last.attributes['trunkline.attempt.number']).toBeGreaterThan(1);
  expect(last.links).toHaveLength(1);
});

it('outside the sample a slow call is traced', async () => {
  await orderFaults(hub, { latencyMs: SLOW_MS });
  const { correlationId } = await sendOrder(hub, 4);
  await traceWith(correlationId, ['connector.call']);
  expect((await scrape(hub.rooms.get('connector-http')!.url)).value('trunkline_traces_spans_total', { fate: 'slow' })).toBe(1);
});

it('outside the sample a refused webhook is traced', async () => {
  const { status, correlationId } = await sendOrder(hub, 5, { secret: 'wrong' });
  expect(status).toBe(401);
  expect(await traceWith(correlationId, ['ingest.receive'])).toEqual(['ingest.receive']);
});
