import { expect, it } from 'vitest';
import { ChannelFailure, type Channel, type NoticeMessage } from '#notify';
import { deliverMessages } from './deliver-messages.ts';

const message = (id: string): NoticeMessage => ({ id, at: new Date(0).toISOString(), title: id, entries: [] });

const world = () => {
  const [got, said]: [string[], string[]] = [[], []];
  const state = { now: 0, fails: undefined as ChannelFailure | undefined, hangs: undefined as Promise<void> | undefined };
  const channel = (name: Channel['name'], send: (id: string) => Promise<void>): Channel => ({
    name,
    send: async ({ id }) => {
      await send(id);
      got.push(`${name} ${id}`);
      return 'ok';
    },
    close: async () => undefined,
  });
  const slack = channel('slack', async () => {
    if (state.fails !== undefined) throw state.fails;
  });
  const email = channel('email', async () => state.hangs);
  const deliveries = deliverMessages({ channels: [slack, email], steady: () => state.now, tell: ({ channel: name, outcome, message: { id } }) => void said.push(`${name} ${id} ${outcome}`) });
  return { got, said, state, deliveries };
};

it('hands each message to each channel, in order', async () => {
  const { got, deliveries } = world();
  deliveries.post(message('a'));
  deliveries.post(message('b'));
  expect(deliveries.untaken().map(({ id }) => id)).toEqual(['a', 'b']);
  await deliveries.pump();
  expect(got.toSorted()).toEqual(['email a', 'email b', 'slack a', 'slack b']);
  expect(deliveries.untaken()).toEqual([]);
});

it('tries a channel that fails again after a growing while, and lets the others go on', async () => {
  const { got, said, state, deliveries } = world();
  state.fails = new ChannelFailure('no');
  deliveries.post(message('a'));
  await deliveries.pump();
  expect(got).toEqual(['email a']);
  expect([deliveries.works('slack'), deliveries.works('email')]).toEqual([false, true]);
  state.now = 4_999;
  await deliveries.pump();
  expect(said.filter((line) => line === 'slack a failed')).toHaveLength(1);
  state.now = 5_000;
  await deliveries.pump();
  state.now = 14_999;
  await deliveries.pump();
  expect(said.filter((line) => line === 'slack a failed')).toHaveLength(2);
  state.fails = undefined;
  state.now = 15_000;
  await deliveries.pump();
  expect(got).toEqual(['email a', 'slack a']);
  expect(deliveries.works('slack')).toBe(true);
});

it('waits as long as a channel asks', async () => {
  const { got, state, deliveries } = world();
  state.fails = new ChannelFailure('slow down', 60_000);
  deliveries.post(message('a'));
  await deliveries.pump();
  state.fails = undefined;
  state.now = 59_999;
  await deliveries.pump();
  expect(got).toEqual(['email a']);
  state.now = 60_000;
  await deliveries.pump();
  expect(got).toEqual(['email a', 'slack a']);
});

it('does not let one channel wait for another that hangs', async () => {
  const { got, said, state, deliveries } = world();
  const { promise, resolve } = Promise.withResolvers<void>();
  state.hangs = promise;
  deliveries.post(message('a'));
  const first = deliveries.pump();
  deliveries.post(message('b'));
  const second = deliveries.pump();
  await new Promise((done) => setImmediate(done));
  expect(said).toEqual(['slack a sent', 'slack b sent']);
  resolve();
  await Promise.all([first, second]);
  expect(got.filter((line) => line.startsWith('email'))).toEqual(['email a', 'email b']);
});

it('gives up what is a day old, and says so', async () => {
  const { said, state, deliveries } = world();
  state.fails = new ChannelFailure('gone');
  deliveries.post(message('a'));
  await deliveries.pump();
  state.now = 86_400_001;
  deliveries.post(message('b'));
  await deliveries.pump();
  expect(said.filter((line) => line.startsWith('slack'))).toEqual(['slack a failed', 'slack a given-up', 'slack b failed']);
});

it('begins nothing more once it is to stop', async () => {
  const { got, state, deliveries } = world();
  const { promise, resolve } = Promise.withResolvers<void>();
  state.hangs = promise;
  deliveries.post(message('a'));
  deliveries.post(message('b'));
  const pumping = deliveries.pump();
  await new Promise((done) => setImmediate(done));
  const stopping = deliveries.stop();
  resolve();
  await Promise.all([pumping, stopping]);
  expect(got.filter((line) => line.startsWith('email'))).toEqual(['email a']);
});
