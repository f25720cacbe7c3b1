import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { done, ROUTER_CONSUMER, STREAMS, type Settlement } from '#contract';
import { scratchFolder, startTestNats, waitFor, type TestNats } from '#testkit';
import { connectBus, ensureStreams, JetStreamServer, openPublisher, stepBack, type Bus, type Delivered, type Publisher, type Source } from './index.ts';

const COMMAND = 'cmd.slack.normal.ops.post-message';
const EVENT = 'evt.stripe.acme.inbound.invoice.paid';

let handle: (body: string) => Promise<Settlement>;

@Controller()
class SpecConsumer {
  @MessagePattern('spec')
  onMessages(@Payload() messages: Delivered[]): Promise<Settlement[]> {
    return Promise.all(messages.map((message) => handle(Buffer.from(message.body).toString())));
  }
}

@Module({ controllers: [SpecConsumer] })
class SpecModule {}

const sourceOf = (stream: string, durable: string, subject: string): Source => ({
  key: durable, pattern: 'spec', stream, durable, filters: [subject], coarseFilter: subject, batch: 1, inFlight: 8, ackWaitMs: 2_000, maxAckPending: 1_000,
});

let nats: TestNats;
let bus: Bus;
let publisher: Publisher;
let server: JetStreamServer;
let seen: string[];
let close: () => Promise<void>;

beforeEach(async () => {
  nats = await startTestNats();
  bus = await connectBus({ url: nats.url, name: 'spec' });
  await ensureStreams(bus, ['slack']);
  publisher = openPublisher(bus);
  server = new JetStreamServer({ bus, retryAfterMs: 50, onError: () => undefined });
  const app = await NestFactory.createMicroservice(SpecModule, { strategy: server, logger: false });
  await app.listen();
  seen = [];
  handle = async (body) => (seen.push(body), done());
  close = () => app.close();
});
afterEach(async () => {
  await close();
  publisher.close();
  await bus.close();
  await nats.stop();
});

const publish = (subject: string, ...bodies: string[]) => publisher.publish(bodies.map((body) => ({ subject, msgId: body, headers: {}, body: Buffer.from(body) })));
const settled = async (stream: string, durable: string, seq: number) =>
  waitFor(async () => (await bus.jsm.consumers.info(stream, durable)).ack_floor.stream_seq >= seq, { what: `${seq} to be settled` });

/** Stops the server, and starts it again with what a stream had on disk when `keep` was called; its consumers remember all. */
const forgetfulStream = (stream: string) => {
  const messages = join(nats.store, 'jetstream', '$G', 'streams', stream, 'msgs');
  let kept: string;
  return {
    keep: async () => {
      kept = await scratchFolder('kept');
      await nats.halt();
      await cp(messages, kept, { recursive: true });
      await nats.resume();
      await waitFor(bus.connected);
    },
    restore: async () => {
      await nats.halt();
      await rm(messages, { recursive: true });
      await cp(kept, messages, { recursive: true });
      await rm(kept, { recursive: true });
      await nats.resume();
      await waitFor(async () => bus.connected() && (await bus.jsm.streams.info(stream)), { what: 'the stream' });
    },
  };
};

it('hands out every command of a queue that lost its end, also those under numbers that the consumer had seen', async () => {
  await server.serve([sourceOf(STREAMS.commandsOf('slack'), 'connector-slack-normal-ops', COMMAND)]);
  const { keep, restore } = forgetfulStream(STREAMS.commandsOf('slack'));
  await publish(COMMAND, 'a', 'b');
  await settled(STREAMS.commandsOf('slack'), 'connector-slack-normal-ops', 2);
  await keep();
  await waitFor(() => publish(COMMAND, 'c', 'd', 'e', 'f'));
  await settled(STREAMS.commandsOf('slack'), 'connector-slack-normal-ops', 6);
  await restore();
  await waitFor(() => publish(COMMAND, 'g', 'h', 'i'));
  await waitFor(() => ['g', 'h', 'i'].every((body) => seen.includes(body)), { what: 'g, h and i' });
  await waitFor(async () => (await bus.jsm.streams.info(STREAMS.commandsOf('slack'))).state.messages === 0, { what: 'an empty queue' });
});

it('answers nothing that an earlier server handed out, whose number may be another command’s by now', async () => {
  const answers: (() => void)[] = [];
  handle = (body) => new Promise((resolve) => answers.push(() => resolve((seen.push(body), done()))));
  const { keep, restore } = forgetfulStream(STREAMS.commandsOf('slack'));
  await keep();
  await server.serve([sourceOf(STREAMS.commandsOf('slack'), 'connector-slack-normal-ops', COMMAND)]);
  await waitFor(() => publish(COMMAND, 'old'));
  await waitFor(() => answers.length === 1);
  await restore();
  await waitFor(() => publish(COMMAND, 'new'));
  answers[0]!();
  await bus.nc.flush();
  expect((await bus.jsm.streams.getMessage(STREAMS.commandsOf('slack'), { seq: 1 }))?.string()).toBe('new');
  await waitFor(() => {
    answers.splice(0).forEach((answer) => answer());
    return seen.includes('new');
  }, { what: 'the new command' });
});

it('lets the router see all events after its stream lost its end and it was brought back', async () => {
  await server.serve([sourceOf(STREAMS.events, ROUTER_CONSUMER, EVENT)]);
  const { keep, restore } = forgetfulStream(STREAMS.events);
  await publish(EVENT, 'a', 'b');
  await keep();
  await waitFor(() => publish(EVENT, 'c', 'd', 'e', 'f'));
  await settled(STREAMS.events, ROUTER_CONSUMER, 6);
  await restore();
  const { last_seq: end } = (await bus.jsm.streams.info(STREAMS.events)).state;
  expect(end).toBe(2);
  // Newer servers have done it themselves.
  expect(await stepBack(bus, STREAMS.events, ROUTER_CONSUMER, end)).toBe(!bus.atLeast(10));
  seen.length = 0;
  await publish(EVENT, 'g', 'h', 'i');
  await waitFor(() => seen.length >= 3);
  expect(seen).toEqual(['g', 'h', 'i']);
  expect(await stepBack(bus, STREAMS.events, ROUTER_CONSUMER, 5)).toBe(false);
});

it('stores nothing on a server that nobody has looked at', async () => {
  const before = bus.serverId();
  await nats.halt();
  await nats.resume();
  await waitFor(bus.connected);
  const message = { subject: EVENT, msgId: 'x', headers: {}, body: Buffer.from('x') };
  await expect(publisher.publish([message], before)).rejects.toMatchObject({ code: 'bus-unavailable' });
  expect(await publisher.publish([message], bus.serverId())).toMatchObject([{ kind: 'stored' }]);
});
