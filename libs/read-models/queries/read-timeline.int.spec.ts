import { afterAll, beforeAll, expect, it } from 'vitest';
import { newCorrelationId } from '#contract';
import { anEvent, appendAll, seededLog, type SeededLog } from '../test/seeded-log.ts';
import { measureLag } from './measure-lag.ts';
import { readTimeline } from './read-timeline.ts';

let seeded: SeededLog;
const correlationId = newCorrelationId();
const flow = [anEvent({ correlationId }), anEvent({ correlationId, data: Buffer.alloc(70_000, 'x') }), anEvent({ correlationId })];

beforeAll(async () => {
  seeded = await seededLog();
  await appendAll(seeded.log, [flow[0]!, anEvent(), flow[1]!, anEvent(), flow[2]!]);
  await seeded.project();
});
afterAll(() => seeded.end());

it('tells a flow in the order of the log, page by page, without bodies that are too large', async () => {
  const first = await readTimeline(seeded.db, { correlationId }, { limit: 2 });
  const second = await readTimeline(seeded.db, { correlationId }, { limit: 2, after: first.next });
  expect([...first.items, ...second.items].map((event) => event.id)).toEqual(flow.map((event) => event.id));
  expect([...first.items, ...second.items].map((event) => event.data?.toString())).toEqual(['{"amount":12}', undefined, '{"amount":12}']);
  expect(second.next).toBeUndefined();
});

it('measures how many events each reader has still to take, and how old the oldest of them is', async () => {
  await appendAll(seeded.log, [anEvent(), anEvent()]);
  const lags = await measureLag(seeded.db);
  expect(lags.map(({ reader, behind }) => [reader, behind])).toEqual(
    ['account-calls', 'deliveries', 'event-feed', 'integration-status', 'subject-events'].map((name) => [`projection:${name}`, 2]),
  );
  expect(lags[0]!.behindS).toBeGreaterThan(0);
  await seeded.project();
  expect((await measureLag(seeded.db)).map(({ behind, behindS }) => [behind, behindS])).toEqual(Array(5).fill([0, 0]));
});
