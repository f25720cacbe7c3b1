import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { ROUTER_CONSUMER, STREAMS } from '#contract';
import { startTestNats, type TestNats } from '#testkit';
import { connectBus, type Bus } from './connect-bus.ts';
import { ensureConsumer } from './consumers.ts';
import { openPublisher } from './publisher.ts';
import { oldestPending, pendingOf, queueDepths, type Queue } from './queues.ts';
import { ensureStreams } from './streams.ts';

let nats: TestNats;
let bus: Bus;
beforeAll(async () => {
  nats = await startTestNats();
  bus = await connectBus({ url: nats.url, name: 'queues-test' });
  await ensureStreams(bus, ['slack', 'stripe']);
});
afterAll(async () => {
  await bus.close();
  await nats.stop();
});

const HIGH: Queue = { partner: 'slack', lane: 'high', integration: 'ops' };
const NORMAL: Queue = { partner: 'slack', lane: 'normal', integration: 'ops' };

const publish = async (...subjects: string[]): Promise<number[]> => {
  const publisher = openPublisher(bus);
  const published = await publisher.publish(subjects.map((subject, i) => ({ subject, msgId: `${subject}:${i}`, headers: {}, body: Buffer.from('{}') })));
  publisher.close();
  return published.map((one) => (one.kind === 'full' ? 0 : one.seq));
};
const timeOf = async (seq: number): Promise<number> => (await bus.jsm.streams.getMessage(STREAMS.commandsOf('slack'), { seq }))!.time.getTime();

it('takes the place of the one queue that there was before', async () => {
  const other = await startTestNats();
  const fresh = await connectBus({ url: other.url, name: 'queues-test' });
  await fresh.jsm.streams.add({ name: 'COMMANDS', subjects: ['cmd.>'], retention: 'workqueue' });
  await ensureStreams(fresh, ['slack', 'stripe']);
  const names = (await fresh.jsm.streams.list().next()).map(({ config }) => config.name);
  expect(names.toSorted()).toEqual(['COMMANDS_slack', 'COMMANDS_stripe', 'EVENTS']);
  await fresh.close();
  await other.stop();
});

it('says which stream is in the way of a queue, and what to do, and leaves it as it is; goes on when it is gone', async () => {
  const other = await startTestNats();
  const fresh = await connectBus({ url: other.url, name: 'queues-test' });
  onTestFinished(async () => {
    await fresh.close();
    await other.stop();
  });
  // By its name the queue of older versions; by its subjects somebody else's.
  await fresh.jsm.streams.add({ name: 'COMMANDS', subjects: ['cmd.stripe.low.>'] });
  await fresh.jsm.streams.add({ name: 'AUDIT', subjects: ['orders.>', 'cmd.*.high.>'] });
  await fresh.jsm.streams.add({ name: 'UNRELATED', subjects: ['other.>'] });
  const failure = () => ensureStreams(fresh, ['slack', 'stripe']).then(() => undefined, (error: unknown) => error);
  const first = await failure();
  expect(first).toMatchObject({ code: 'config-invalid', message: expect.stringContaining('COMMANDS_slack cannot be made: messages of cmd.slack.> go to AUDIT already') });
  expect((first as Error).message).toContain('deploy/nats.conf');
  const names = async () => (await fresh.jsm.streams.names().next()).toSorted();
  await fresh.jsm.streams.delete('AUDIT');
  expect(await failure()).toMatchObject({ message: expect.stringContaining('COMMANDS_stripe cannot be made: messages of cmd.stripe.> go to COMMANDS already') });
  expect(await names()).toEqual(['COMMANDS', 'COMMANDS_slack', 'EVENTS', 'UNRELATED']);
  await fresh.jsm.streams.delete('COMMANDS');
  await ensureStreams(fresh, ['slack', 'stripe']);
  expect(await names()).toEqual(['COMMANDS_slack', 'COMMANDS_stripe', 'EVENTS', 'UNRELATED']);
});

it('tells depths and the oldest command per account and lane, whatever the action, and nothing of lanes that are empty', async () => {
  expect(await queueDepths(bus, ['slack', 'stripe'])).toEqual([]);
  expect(await oldestPending(bus, [HIGH])).toEqual([]);
  const [first, second, third] = await publish('cmd.slack.normal.ops.post-message', 'cmd.slack.high.ops.post-message', 'cmd.slack.normal.ops.delete-message');
  expect((await queueDepths(bus, ['slack', 'stripe'])).toSorted((a, b) => a.depth - b.depth)).toEqual([{ ...HIGH, depth: 1 }, { ...NORMAL, depth: 2 }]);
  const oldest = await oldestPending(bus, [HIGH, NORMAL]);
  expect(oldest.map(({ at }) => at.getTime())).toEqual([await timeOf(second!), await timeOf(first!)]);

  // The oldest is settled: the next one is the oldest.
  await bus.jsm.streams.deleteMessage(STREAMS.commandsOf('slack'), first!);
  expect((await oldestPending(bus, [NORMAL]))[0]!.at.getTime()).toBe(await timeOf(third!));
});

it('counts what a consumer has in front of it, and knows when there is none', async () => {
  expect(await pendingOf(bus, STREAMS.events, ROUTER_CONSUMER)).toBeUndefined();
  await ensureConsumer(bus, { stream: STREAMS.events, durable: ROUTER_CONSUMER, filters: ['evt.>'], coarseFilter: 'evt.>', ackWaitMs: 30_000, maxAckPending: 100 });
  await publish('evt.stripe.acme.inbound.invoice.paid', 'evt.stripe.acme.inbound.invoice.sent');
  expect(await pendingOf(bus, STREAMS.events, ROUTER_CONSUMER)).toBe(2);
});
