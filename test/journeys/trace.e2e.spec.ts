import { readFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { traceIdOf } from '#contract';
import { freshDatabase, scratchFolder, startTestNats, waitFor, type FreshDatabase, type TestNats } from '#testkit';
import { startHub, type Hub } from '../harness/hub.ts';
import { NATS_ACCESS } from '../harness/nats-access.ts';
import { orderFaults, sendOrder, SHOP_MANIFEST, SHOP_SECRET, tellShop } from '../harness/shop-orders.ts';
import { startOtlpReceiver, type ReceivedSpan } from '../otlp-receiver.ts';

const CALLERS_SPAN = '00f067aa0ba902b7';
const MANIFEST = `${SHOP_MANIFEST}
consent:
  - { name: out, on: generic.shop.inbound.unsubscribed, identifier: { kind: email, path: email }, means: suppress }
`;

let database: FreshDatabase;
let nats: TestNats;
let receiver: Awaited<ReturnType<typeof startOtlpReceiver>>;
let hub: Hub;

beforeAll(async () => {
  [database, nats, receiver] = await Promise.all([freshDatabase(), startTestNats({ config: NATS_ACCESS }), startOtlpReceiver()]);
  hub = await startHub({
    databaseUrl: database.url,
    natsUrl: nats.url,
    manifest: MANIFEST,
    partners: ['http'],
    dir: await scratchFolder('trace'),
    env: { SHOP_SECRET, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_BSP_SCHEDULE_DELAY: '100', CONNECTOR_BACKOFF_BASE_MS: '200' },
  });
}, 240_000);
afterAll(async () => {
  await hub?.stop();
  await Promise.all([receiver?.stop(), nats?.stop()]);
  await database?.drop();
}, 60_000);
afterEach(() => orderFaults(hub, undefined));

/** Sends one signed order and answers its correlation id. */
const accepted = async (order: number, headers: Record<string, string> = {}): Promise<string> => {
  const { status, correlationId } = await sendOrder(hub, order, { headers });
  expect(status).toBe(202);
  return correlationId;
};

/** Rooms send their spans when they like: a child may come long before its parent. */
const isWhole = (spans: ReceivedSpan[]): boolean =>
  spans.every(({ parentSpanId }) => ['', CALLERS_SPAN].includes(parentSpanId) || spans.some(({ spanId }) => spanId === parentSpanId));

/** Waits until a flow's trace is as wanted and no span misses its parent, and answers its spans. */
const traceOf = async (correlationId: string, wanted: (spans: ReceivedSpan[]) => boolean): Promise<ReceivedSpan[]> => {
  const ofFlow = (spans: ReceivedSpan[]) => spans.filter((span) => span.traceId === traceIdOf(correlationId));
  return ofFlow(await receiver.until((spans) => wanted(ofFlow(spans)) && isWhole(ofFlow(spans))));
};

const calls = (spans: ReceivedSpan[]): ReceivedSpan[] => spans.filter((span) => span.name === 'connector.call');
const failed = (span: ReceivedSpan): boolean => span.status === 2;

/** The names from a trace's root down to a span; '?' where a parent never arrived. */
const pathTo = (spans: ReceivedSpan[], span: ReceivedSpan): string[] => {
  if (span.parentSpanId === '') return [span.name];
  const parent = spans.find((one) => one.spanId === span.parentSpanId);
  return [...(parent === undefined ? ['?'] : pathTo(spans, parent)), span.name];
};

const linksOf = (span: ReceivedSpan): unknown[] => span.links.map(({ spanId, attributes }) => [attributes['trunkline.link'], spanId]);

const services = (spans: ReceivedSpan[]): Set<string> => new Set(spans.map((span) => `${span.name} of ${span.service}`));

describe('a flow is one trace, whose id is the correlation id', () => {
  it('of a first delivery, from the webhook across every room to the call', async () => {
    const correlationId = await accepted(1);
    const spans = await traceOf(correlationId, (all) => calls(all).length > 0 && all.some((span) => span.name === 'ingest.receive') && all.some((span) => span.name === 'relay.publish'));

    expect(pathTo(spans, calls(spans)[0]!)).toEqual(['ingest.receive', 'router.route', 'connector.call']);
    expect(pathTo(spans, spans.find((span) => span.name === 'relay.publish')!)).toEqual(['ingest.receive', 'relay.publish']);
    expect(services(spans)).toEqual(
      new Set(['ingest.receive of trunkline-ingest', 'relay.publish of trunkline-relay', 'router.route of trunkline-router', 'connector.call of trunkline-connector']),
    );
    const record = (await (await fetch(`${hub.sandboxUrl}/_sandbox/record?ids=1`)).json()) as { partners: { http: { latestEffects: { correlationId: string }[] } } };
    expect(record.partners.http.latestEffects.map((effect) => effect.correlationId)).toContain(correlationId);
  });

  it("of a caller that has a trace already, as the child of the caller's span", async () => {
    const correlationId = await accepted(2, { traceparent: `00-4bf92f3577b34da6a3ce929d0e0e4736-${CALLERS_SPAN}-01` });
    expect(correlationId).toBe('4bf92f35-77b3-4da6-a3ce-929d0e0e4736');
    const spans = await traceOf(correlationId, (all) => calls(all).length > 0 && all.some((span) => span.name === 'ingest.receive'));
    expect(spans.find((span) => span.name === 'ingest.receive')!.parentSpanId).toBe(CALLERS_SPAN);
    expect(pathTo(spans, calls(spans)[0]!)).toEqual(['?', 'ingest.receive', 'router.route', 'connector.call']);
  });

  it('with a span for each attempt, when the partner fails at first', async () => {
    await orderFaults(hub, { failRate: 1, status: 503 });
    const correlationId = await accepted(3);
    await traceOf(correlationId, (all) => calls(all).some(failed));
    await orderFaults(hub, undefined);

    const spans = await traceOf(correlationId, (all) => calls(all).some((span) => !failed(span)));
    const attempts = calls(spans).toSorted((a, b) => Number(a.attributes['trunkline.attempt.number']) - Number(b.attributes['trunkline.attempt.number']));
    expect(attempts.map((span) => span.attributes['trunkline.attempt.number'])).toEqual(attempts.map((_, i) => i + 1));
    expect(attempts.map(failed)).toEqual([...attempts.slice(1).map(() => true), false]);
    expect(attempts.length).toBeGreaterThan(1);
    for (const span of attempts) expect(pathTo(spans, span)).toEqual(['ingest.receive', 'router.route', 'connector.call']);
    for (const [i, span] of attempts.entries()) expect(linksOf(span)).toEqual(i === 0 ? [] : [['repeats', attempts[i - 1]!.spanId]]);
  });

  it('with the redrive of a dead letter in it', async () => {
    await orderFaults(hub, { failRate: 1, status: 422 });
    const correlationId = await accepted(4);
    await traceOf(correlationId, (all) => calls(all).some(failed));
    await orderFaults(hub, undefined);
    await waitFor(() => redriveOf(correlationId), { what: 'a dead letter that can be redriven' });

    const spans = await traceOf(correlationId, (all) => calls(all).some((span) => !failed(span)) && all.some((span) => span.name === 'console.redrive'));
    const [first, second] = calls(spans).toSorted((a, b) => Number(failed(b)) - Number(failed(a)));
    expect(pathTo(spans, first!)).toEqual(['ingest.receive', 'router.route', 'connector.call']);
    expect(pathTo(spans, second!)).toEqual(['console.redrive', 'router.route', 'connector.call']);

    const redrive = spans.find((span) => span.name === 'console.redrive')!;
    const [request] = (await receiver.until((all) => all.some((span) => span.name === 'console.redrive-command'))).filter((span) => span.name === 'console.redrive-command');
    expect(linksOf(redrive)).toEqual([['repeats', first!.spanId], ['asked-for-by', request!.spanId]]);
    expect(linksOf(second!)).toEqual([['repeats', first!.spanId], ['asked-for-by', redrive.spanId]]);
  });

  it('with what somebody says about messages in it, down to the list', async () => {
    const { correlationId } = await tellShop(hub, { type: 'unsubscribed', email: 'ada@example.com' });
    const spans = await traceOf(correlationId, (all) => ['ingest.receive', 'keeper.heed'].every((name) => all.some((span) => span.name === name)));
    const heard = spans.find((span) => span.name === 'keeper.heed')!;
    expect(pathTo(spans, heard)).toEqual(['ingest.receive', 'keeper.heed']);
    expect([heard.service, heard.attributes['trunkline.consent']]).toEqual(['trunkline-keeper', 'suppressed']);
  });
});

/** Redrives the flow's dead letter, once the projector has brought it to the console. */
const redriveOf = async (correlationId: string): Promise<boolean> => {
  const headers = { authorization: `Bearer ${hub.consoleKey}` };
  const letters = (await (await fetch(`${hub.consoleUrl}/v1/dead-letters`, { headers })).json()) as { items: { commandId?: string; id?: string; correlationId: string }[] };
  const letter = letters.items.find((one) => one.correlationId === correlationId);
  if (letter === undefined) return false;
  const answer = await fetch(`${hub.consoleUrl}/v1/dead-letters/${letter.commandId ?? letter.id}/redrive`, { method: 'POST', headers });
  expect(answer.status).toBe(202);
  return true;
};

it('the level of the logs can be changed in each room while it runs, and in that room alone', async () => {
  const said = async (room: string, words: string): Promise<boolean> => (await readFile(hub.logFile(room), 'utf8')).includes(words);
  const names = [...hub.rooms.keys()];
  expect(names).toEqual(expect.arrayContaining(['ingest', 'relay', 'router', 'connector-http', 'projector', 'console', 'scheduler', 'keeper']));
  for (const name of names) {
    process.kill(hub.rooms.get(name)!.pid(), 'SIGUSR2');
    await waitFor(() => said(name, 'the log level is now debug'), { what: `${name} to say its level` });
    const others = names.slice(names.indexOf(name) + 1);
    expect(await Promise.all(others.map((other) => said(other, 'the log level is now')))).toEqual(others.map(() => false));
  }
  const correlationId = await accepted(5);
  await waitFor(() => said('ingest', `"correlationId":"${correlationId}"`), { what: 'an accepted webhook in the log, which is told at debug' });
});
