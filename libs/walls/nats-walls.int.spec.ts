import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectBus, ensureStreams, openPublisher, oldestPending, pendingOf, queueDepths, JetStreamServer, type Bus, type Source } from '#bus';
import { ROUTER_CONSUMER, STREAMS, done, type Settlement } from '#contract';
import { startTestNats, waitFor, type TestNats } from '#testkit';
import { natsConfig } from './nats-config.ts';
import { natsUsers } from './nats-users.ts';

const PARTNERS = ['slack', 'stripe'];
const passwordOf = (name: string): string => `of the ${name}?/@:`;

let nats: TestNats;
const open: Bus[] = [];

const urlFor = (name: string, password = passwordOf(name)): string => {
  const url = new URL(nats.url);
  [url.username, url.password] = [name, encodeURIComponent(password)];
  return url.href;
};
const as = async (name: string): Promise<Bus> => {
  const bus = await connectBus({ url: urlFor(name), name });
  open.push(bus);
  return bus;
};

/** What the server says to a bus that publishes where it must not; undefined when it lets it. */
const refusal = async (bus: Bus, subject: string): Promise<string | undefined> => {
  const refused = Promise.withResolvers<string>();
  void (async () => {
    for await (const status of bus.nc.status()) if (status.type === 'error') refused.resolve(status.error.message);
  })();
  bus.nc.publish(subject, '{}', { reply: bus.newInbox() });
  await bus.nc.flush();
  // The server's word on it comes before the answer to a ping that was sent later.
  await bus.nc.flush();
  return Promise.race([refused.promise, new Promise<undefined>((resolve) => setImmediate(() => resolve(undefined)))]);
};

const deaf = async (bus: Bus, subject: string): Promise<boolean> => {
  const answer = Promise.withResolvers<boolean>();
  bus.nc.subscribe(subject, { callback: (error) => { if (error) answer.resolve(true); } });
  await bus.nc.flush();
  await bus.nc.flush();
  return Promise.race([answer.promise, new Promise<boolean>((resolve) => setImmediate(() => resolve(false)))]);
};

const message = (subject: string, msgId: string) => ({ subject, msgId, headers: {}, body: Buffer.from('{"secret":1}') });

/** Serves one consumer with this handler, as a room does. */
const serving = async (bus: Bus, source: Omit<Source, 'key' | 'pattern' | 'batch' | 'inFlight' | 'ackWaitMs' | 'maxAckPending'>, handle: (bodies: string[]) => void, onError: (error: unknown) => void) => {
  const server = new JetStreamServer({ bus, retryAfterMs: 50, onError });
  server.addHandler('spec', async (messages: { subject: string }[]): Promise<Settlement[]> => {
    handle(messages.map(({ subject }) => subject));
    return messages.map(() => done());
  });
  await new Promise<void>((resolve) => server.listen(() => resolve()));
  await server.serve([{ key: source.durable, pattern: 'spec', batch: 1, inFlight: 4, ackWaitMs: 5_000, maxAckPending: 100, ...source }]);
  return server;
};

beforeAll(async () => {
  nats = await startTestNats({ config: natsConfig(natsUsers(PARTNERS), (name) => JSON.stringify(passwordOf(name))) });
});
afterAll(async () => {
  await Promise.all(open.map((bus) => bus.close()));
  await nats.stop();
});

describe('each room at NATS', () => {
  it('the relay can tell which stream is in the way of its own', async () => {
    const [relay, operator] = [await as('relay'), await as('operator')];
    await operator.jsm.streams.add({ name: 'MINE', subjects: ['cmd.stripe.>'] });
    await expect(ensureStreams(relay, PARTNERS)).rejects.toThrow('go to MINE already');
    await operator.jsm.streams.delete('MINE');
  });

  it('the relay can take away the one queue of older versions', async () => {
    const [relay, operator] = [await as('relay'), await as('operator')];
    for (const partner of PARTNERS) await operator.jsm.streams.delete(STREAMS.commandsOf(partner)).catch(() => false);
    await operator.jsm.streams.add({ name: 'COMMANDS', subjects: ['cmd.>'] });
    await ensureStreams(relay, PARTNERS);
    expect(await operator.jsm.streams.names().next()).not.toContain('COMMANDS');
  });

  it('can do its work', async () => {
    const [relay, router, slack] = [await as('relay'), await as('router'), await as('connector-slack')];
    await ensureStreams(relay, PARTNERS);
    const [toEvents, toCommands] = [openPublisher(relay), openPublisher(router)];
    await toEvents.publish([message('evt.stripe.acme.inbound.invoice.paid', 'e1'), message('evt.slack.ops.command.succeeded', 'e2')]);
    expect(await pendingOf(relay, STREAMS.events, ROUTER_CONSUMER)).toBeUndefined();
    const [seen, errors]: [string[], unknown[]] = [[], []];
    const routing = await serving(router, { stream: STREAMS.events, durable: ROUTER_CONSUMER, filters: ['evt.*.*.inbound.>', 'evt.*.*.sync.>'], coarseFilter: 'evt.>' }, (subjects) => seen.push(...subjects), (error) => errors.push(error));
    await waitFor(() => seen.includes('evt.stripe.acme.inbound.invoice.paid'));
    await toCommands.publish([message('cmd.slack.high.ops.post-message', 'c1'), message('cmd.stripe.low.acme.refund', 'c2')]);
    expect(await queueDepths(relay, PARTNERS)).toHaveLength(2);
    expect(await oldestPending(relay, [{ partner: 'stripe', lane: 'low', integration: 'acme' }])).toHaveLength(1);
    const filter = 'cmd.slack.high.ops.>';
    const serve = await serving(slack, { stream: STREAMS.commandsOf('slack'), durable: 'connector-slack-high-ops', filters: [filter], coarseFilter: filter }, (subjects) => seen.push(...subjects), (error) => errors.push(error));
    await waitFor(() => seen.includes('cmd.slack.high.ops.post-message'));
    // Settled: gone from the work queue.
    await waitFor(async () => (await queueDepths(relay, PARTNERS)).length === 1);
    await waitFor(async () => (await pendingOf(relay, STREAMS.events, ROUTER_CONSUMER)) === 0);
    expect(errors).toEqual([]);
    await Promise.all([routing.close(), serve.close()]);
    const keeper = await as('keeper');
    expect((await keeper.jsm.streams.info(STREAMS.commandsOf('stripe'))).state.messages).toBe(1);
  });

  it.each<[string, string]>([
    ['relay', 'cmd.slack.high.ops.post-message'],
    ['relay', '$JS.API.CONSUMER.MSG.NEXT.COMMANDS_slack.connector-slack-high-ops'],
    ['relay', '$JS.API.CONSUMER.CREATE.COMMANDS_slack.mine'],
    ['relay', '$JS.API.STREAM.PURGE.COMMANDS_slack'],
    ['relay', '$JS.API.STREAM.DELETE.EVENTS'],
    ['relay', '$JS.API.STREAM.UPDATE.EVENTS'],
    ['router', 'evt.stripe.acme.inbound.invoice.paid'],
    ['router', '$JS.API.CONSUMER.CREATE.COMMANDS_slack.mine'],
    ['router', '$JS.API.CONSUMER.MSG.NEXT.COMMANDS_slack.connector-slack-high-ops'],
    ['router', '$JS.API.STREAM.MSG.GET.COMMANDS_slack'],
    ['router', '$JS.API.STREAM.CREATE.OTHER'],
    ['connector-slack', 'evt.slack.ops.command.succeeded'],
    ['connector-slack', 'cmd.slack.high.ops.post-message'],
    ['connector-slack', 'cmd.stripe.high.acme.refund'],
    ['connector-slack', '$JS.API.CONSUMER.CREATE.COMMANDS_stripe.mine'],
    ['connector-slack', '$JS.API.CONSUMER.CREATE.COMMANDS_stripe.mine.cmd.stripe.>'],
    ['connector-slack', '$JS.API.CONSUMER.DURABLE.CREATE.COMMANDS_stripe.mine'],
    ['connector-slack', '$JS.API.CONSUMER.MSG.NEXT.COMMANDS_stripe.connector-stripe-low-acme'],
    ['connector-slack', '$JS.API.STREAM.MSG.GET.COMMANDS_stripe'],
    ['connector-slack', '$JS.API.DIRECT.GET.EVENTS'],
    ['connector-slack', '$JS.API.CONSUMER.CREATE.EVENTS.mine'],
    ['connector-slack', '$JS.ACK.COMMANDS_stripe.connector-stripe-low-acme.1.1.1.1.0'],
    ['connector-slack', '_INBOX.router.x'],
    ['keeper', '$JS.API.STREAM.MSG.GET.EVENTS'],
    ['keeper', 'evt.stripe.acme.inbound.invoice.paid'],
    ['observer', 'evt.stripe.acme.inbound.invoice.paid'],
    ['observer', 'cmd.slack.high.ops.post-message'],
    ['observer', '$JS.API.STREAM.DELETE.EVENTS'],
    ['observer', '$JS.API.CONSUMER.CREATE.COMMANDS_slack.mine'],
  ])('%s may not publish to %s', async (name, subject) => {
    expect(await refusal(await as(name), subject)).toContain('Permissions Violation for Publish');
  });

  it.each<[string, string]>([
    ['relay', 'cmd.>'], ['relay', 'evt.>'], ['relay', '_INBOX.>'], ['router', 'evt.>'], ['router', '_INBOX.relay.>'], ['connector-slack', 'cmd.stripe.>'], ['connector-slack', 'cmd.slack.>'],
    ['connector-slack', '_INBOX.connector-stripe.>'], ['connector-slack', '_INBOX.*.>'], ['connector-slack', '>'], ['connector-slack', '$JS.>'], ['keeper', 'evt.>'], ['observer', '_INBOX.relay.>'],
  ])('%s may not listen to %s', async (name, subject) => {
    expect(await deaf(await as(name), subject)).toBe(true);
  });

  it('an observer sees what goes by, and which streams there are', async () => {
    const observer = await as('observer');
    const seen: string[] = [];
    observer.nc.subscribe('evt.>', { callback: (_error, { subject }) => void seen.push(subject) });
    await observer.nc.flush();
    await openPublisher(await as('relay')).publish([message('evt.stripe.acme.inbound.invoice.sent', 'e3')]);
    await waitFor(() => seen.includes('evt.stripe.acme.inbound.invoice.sent'));
    const names = (await observer.jsm.streams.list().next()).map(({ config }) => config.name);
    expect(names.toSorted()).toEqual(['COMMANDS_slack', 'COMMANDS_stripe', 'EVENTS']);
  });

  it('nobody comes in without a user, or with a wrong password, and is told so', async () => {
    await expect(connectBus({ url: nats.url, name: 'nobody' })).rejects.toMatchObject({ code: 'bus-refused', message: expect.stringContaining('somebody without a user') });
    await expect(connectBus({ url: urlFor('relay', 'guess'), name: 'relay' })).rejects.toMatchObject({ code: 'bus-refused', message: expect.stringContaining('the user relay') });
  });
});
