import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { done, park, retry, STREAMS, type Settlement } from '#contract';
import { startTestNats, waitFor, type TestNats } from '#testkit';
import { connectBus, ensureStreams, JetStreamServer, openPublisher, streamsState, type Bus, type Delivered, type Outgoing, type Publisher, type Source } from './index.ts';

const seen: Delivered[] = [];
let answer: (message: Delivered) => Settlement | Promise<Settlement> = () => done();

@Controller()
class SpecConsumer {
  @MessagePattern('spec')
  onMessages(@Payload() messages: Delivered[]): Promise<Settlement[]> {
    seen.push(...messages);
    return Promise.all(messages.map((message) => answer(message)));
  }
}

@Module({ controllers: [SpecConsumer] })
class SpecModule {}

/** A queue for each test. */
const PARTNERS = ['full', 'roomy', 'once', 'breaks', 'again', 'throws', 'many', 'batch', 'door', 'slow', 'phoenix'];

const text = (message: Delivered): string => Buffer.from(message.body).toString();
const outgoing = (subject: string, body: string, msgId = `${subject}:${body}`): Outgoing => ({ subject, msgId, headers: { 'x-note': 'a: b' }, body: Buffer.from(body) });

const sourceFor = (lane: string, more: Partial<Source> = {}): Source => ({
  key: lane,
  pattern: 'spec',
  stream: `COMMANDS_${lane}`,
  durable: `spec-${lane}`,
  filters: [`cmd.${lane}.>`],
  coarseFilter: `cmd.${lane}.>`,
  batch: 1,
  inFlight: 8,
  ackWaitMs: 1_000,
  maxAckPending: 1_000,
  ...more,
});

describe('the bus', () => {
  let nats: TestNats;
  let bus: Bus;
  let publisher: Publisher;
  let server: JetStreamServer;
  let close: () => Promise<void>;
  const errors: unknown[] = [];

  beforeAll(async () => {
    nats = await startTestNats();
    bus = await connectBus({ url: nats.url, name: 'spec' });
    await ensureStreams(bus, PARTNERS, { commandsPerSubject: 5 });
    publisher = openPublisher(bus);
    server = new JetStreamServer({ bus, retryAfterMs: 50, onError: (error) => errors.push(error) });
    const app = await NestFactory.createMicroservice(SpecModule, { strategy: server, logger: false });
    await app.listen();
    close = () => app.close();
  });
  afterAll(async () => {
    await close?.();
    publisher?.close();
    await bus?.close();
    await nats?.stop();
  });
  beforeEach(() => {
    seen.length = 0;
    errors.length = 0;
    answer = () => done();
  });

  it('stores in order and knows a twin by its message id', async () => {
    const answers = await publisher.publish([outgoing('evt.a.b.c', '1'), outgoing('evt.a.b.c', '2'), outgoing('evt.a.b.c', '1')]);
    expect(answers.map((one) => one.kind)).toEqual(['stored', 'stored', 'duplicate']);
    const [first, second] = answers as { seq: number }[];
    expect(second!.seq).toBe(first!.seq + 1);
  });

  it('says when a subject takes no more, and stores the others', async () => {
    const many = Array.from({ length: 7 }, (_, i) => outgoing('cmd.full.x', String(i)));
    const answers = await publisher.publish([...many, outgoing('cmd.roomy.x', 'fits')]);
    expect(answers.map((one) => one.kind)).toEqual([...Array(5).fill('stored'), 'full', 'full', 'stored']);
  });

  it('hands each message over once and keeps headers and bytes', async () => {
    await server.serve([sourceFor('once')]);
    await publisher.publish([outgoing('cmd.once.a', 'ä\r\n1'), outgoing('cmd.once.b', '2')]);
    await waitFor(() => seen.length === 2);
    expect(seen.map(text).sort()).toEqual(['2', 'ä\r\n1']);
    expect(seen[0]).toMatchObject({ headers: { 'x-note': 'a: b' }, redelivered: false });
    await waitFor(async () => (await bus.jsm.consumers.info('COMMANDS_once', 'spec-once')).num_ack_pending === 0);
    expect(seen).toHaveLength(2);
  });

  it('lets no line break in a value become another header', async () => {
    await server.serve([sourceFor('breaks')]);
    await publisher.publish([{ ...outgoing('cmd.breaks.a', 'x'), headers: { 'x-note': 'a\r\nx-evil: 1' } }]);
    await waitFor(() => seen.length === 1);
    expect(seen[0]!.headers).not.toHaveProperty('x-evil');
  });

  it('brings a message back after a retry, and never after it was parked', async () => {
    await server.serve([sourceFor('again')]);
    let tries = 0;
    answer = (message) => (text(message) === 'parked' ? park('spec', 'set aside') : ++tries < 3 ? retry(10, 'not yet') : done());
    await publisher.publish([outgoing('cmd.again.a', 'retried'), outgoing('cmd.again.b', 'parked')]);
    await waitFor(() => tries === 3);
    expect(seen.filter((message) => text(message) === 'parked')).toHaveLength(1);
    expect(seen.filter((message) => text(message) === 'retried').map((message) => message.redelivered)).toEqual([false, true, true]);
  });

  it('brings a message back when the handler throws, and reports it', async () => {
    await server.serve([sourceFor('throws')]);
    // Without the rooms' own filter, these are Nest's words for it.
    const isTold = (): boolean => errors.some((error) => (error as Error).message === 'Internal server error');
    let tries = 0;
    let handled = false;
    answer = () => {
      tries += 1;
      // Another error may have been told in the same second.
      if (!isTold()) throw new Error('a bug');
      handled = true;
      return done();
    };
    await publisher.publish([outgoing('cmd.throws.a', 'x')]);
    await waitFor(() => handled);
    expect(tries).toBeGreaterThan(1);
    expect(seen.map((message) => message.redelivered)).toEqual([false, ...Array(tries - 1).fill(true)]);
  });

  it('goes on asking after its first handful', async () => {
    await server.serve([sourceFor('many', { inFlight: 3 })]);
    await publisher.publish(Array.from({ length: 20 }, (_, i) => outgoing(`cmd.many.s${i}`, String(i))));
    await waitFor(() => seen.length === 20);
  });

  it('serves batches until nothing is left', async () => {
    await server.serve([sourceFor('batch', { batch: 10, inFlight: 20 })]);
    await publisher.publish(Array.from({ length: 50 }, (_, i) => outgoing(`cmd.batch.s${i}`, String(i))));
    await waitFor(() => seen.length === 50);
    expect(new Set(seen.map(text)).size).toBe(50);
  });

  it('hands over what one of its filters names and nothing else, also from a server that can go by only one of them', async () => {
    const filters = ['evt.filters.*.inbound.>', 'evt.filters.*.sync.>'];
    await server.serve([sourceFor('filters', { stream: STREAMS.events, filters, coarseFilter: 'evt.filters.>' })]);
    await publisher.publish(['evt.filters.x.inbound.a', 'evt.filters.x.command.inbound.b', 'evt.filters.x.sync.c'].map((subject) => outgoing(subject, subject)));
    const info = () => bus.jsm.consumers.info(STREAMS.events, 'spec-filters');
    await waitFor(async () => (({ num_pending, num_ack_pending }) => num_pending + num_ack_pending)(await info()) === 0);
    expect(seen.map(text)).toEqual(['evt.filters.x.inbound.a', 'evt.filters.x.sync.c']);
  });

  it('asks for nothing while its door is closed', async () => {
    let open = false;
    await server.serve([sourceFor('door', { open: () => open })]);
    await publisher.publish([outgoing('cmd.door.a', 'x')]);
    await waitFor(async () => (await bus.jsm.consumers.info('COMMANDS_door', 'spec-door')).num_pending === 1);
    expect(seen).toHaveLength(0);
    open = true;
    server.sources().get('door')!.more();
    await waitFor(() => seen.length === 1);
  });

  it('keeps a message that takes longer than the ack wait', async () => {
    await server.serve([sourceFor('slow')]);
    let finish: (() => void) | undefined;
    answer = () => new Promise((resolve) => (finish = () => resolve(done())));
    await publisher.publish([outgoing('cmd.slow.a', 'x')]);
    await waitFor(() => finish);
    // Longer than two ack waits, measured by the server's own count of what it delivered since.
    const started = Date.now();
    await waitFor(() => Date.now() - started > 2_500);
    expect(seen).toHaveLength(1);
    finish!();
    await waitFor(async () => (await bus.jsm.consumers.info('COMMANDS_slow', 'spec-slow')).num_ack_pending === 0);
  });

  it('goes on by itself after the server was restarted, and after it lost its store', async () => {
    await server.serve([sourceFor('phoenix')]);
    const before = await streamsState(bus, PARTNERS);
    await nats.halt();
    await expect(publisher.publish([outgoing('cmd.phoenix.a', '0')])).rejects.toMatchObject({ code: 'bus-unavailable' });
    await nats.resume();
    await waitFor(async () => (await publisher.publish([outgoing('cmd.phoenix.a', '1')])).length === 1);
    await waitFor(() => seen.some((message) => text(message) === '1'));
    const restarted = await streamsState(bus, PARTNERS);
    expect(restarted.serverId).not.toBe(before.serverId);
    expect(restarted.commandsCreated).toBe(before.commandsCreated);

    await nats.loseStore();
    await nats.resume();
    await waitFor(() => ensureStreams(bus, PARTNERS).then(() => true));
    await waitFor(async () => (await publisher.publish([outgoing('cmd.phoenix.a', '2')])).length === 1);
    await waitFor(() => seen.some((message) => text(message) === '2'));
    expect((await streamsState(bus, PARTNERS)).commandsCreated).not.toBe(before.commandsCreated);
  });
});
