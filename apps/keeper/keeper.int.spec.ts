import { connectBus, ensureStreams, openPublisher } from '#bus';
import { loadConfig, type Room } from '#boot';
import { actingPartners } from '#partners';
import { recordSpans, startTestNats, TEST_MASTER_KEYS, waitFor } from '#testkit';
import { expect, it, onTestFinished } from 'vitest';
import { keeperConfig } from './keeper.config.ts';
import { startKeeper } from './keeper.start.ts';
import { agingLog, type AgingLog } from './test/aging-log.ts';

type Started = { world: AgingLog; room: Room };

const started = async (prepare: (world: AgingLog, natsUrl: string) => Promise<void> = async () => undefined): Promise<Started> => {
  const [world, nats] = await Promise.all([agingLog(), startTestNats()]);
  onTestFinished(() => Promise.all([world.end(), nats.stop()]).then(() => undefined));
  await prepare(world, nats.url);
  const env = { MASTER_KEYS: TEST_MASTER_KEYS, DATABASE_URL: world.url, NATS_URL: nats.url, KEEPER_HEALTH_PORT: '0', KEEPER_EVERY_MS: '100', LOG_LEVEL: 'silent' };
  return { world, room: await startKeeper(loadConfig(keeperConfig, env), env) };
};

const queueCommand = async (url: string): Promise<void> => {
  const bus = await connectBus({ url, name: 'spec' });
  await ensureStreams(bus, actingPartners);
  const publisher = openPublisher(bus);
  await publisher.publish([{ subject: 'cmd.slack.normal.ops.post-message', msgId: 'm', headers: {}, body: Buffer.from('{}') }]);
  publisher.close();
  await bus.close();
};

const metrics = async ({ url }: Room): Promise<string[]> => (await (await fetch(`${url}/metrics`)).text()).split('\n').filter((line) => line.startsWith('trunkline_keeper_'));

it('is ready while the log and the bus are there, and stops', async () => {
  const { room } = await started();
  await waitFor(async () => (await fetch(`${room.url}/health/ready`)).ok, { what: 'the keeper to be ready' });
  await room.stop();
  await expect(fetch(`${room.url}/health/live`)).rejects.toThrow('fetch failed');
});

it('opens and drops segments by itself, whatever came to the bus since they ended, and tells why one stays', async () => {
  const { world, room } = await started(async (aging, url) => {
    await aging.keep({ inbound: 7, command: 7 });
    await aging.flow('a');
    await queueCommand(url);
    await aging.age(1);
  });
  const first = async (state: string): Promise<boolean> => (await world.segments())[0] === `inbound ${state}`;
  await waitFor(() => first('closed'), { what: 'the first segment to be closed' });
  await world.age(8);
  await waitFor(() => first('held by reader relay'), { what: 'the first segment to be held back' });
  await waitFor(async () => (await metrics(room)).includes('trunkline_keeper_held_segments{category="inbound",reason="reader"} 1'), { what: 'the metric to say so' });
  await world.age(2);
  await waitFor(async () => (await metrics(room)).some((line) => /held_seconds\{category="inbound",reason="reader"[^}]*\} 1728\d\d/.test(line)), { what: 'the metric to say for how long' });
  await world.read();
  await waitFor(() => first('dropped'), { what: 'the first segment to be dropped' });
  // What waits on the bus may be a settled command of that segment, until it is sure to be younger; and a redrive of it may come again for three days.
  await world.age(4);
  await waitFor(() => first('swept'), { what: 'the ledger to forget it' });
  const told = await metrics(room);
  expect(told.filter((line) => line.includes('held_segments{'))).toEqual([]);
  expect(told.join('\n')).toContain('trunkline_keeper_oldest_event_seconds{category="operator"}');
  await room.stop();
});

it('makes a span of each look that did something or failed, and of no other', async () => {
  const spans = recordSpans();
  onTestFinished(spans.stop);
  const { world, room } = await started(async (aging, url) => {
    await aging.keep({ inbound: 7, command: 7 });
    await aging.flow('a');
    await queueCommand(url);
    await aging.age(1);
  });
  const looks = () => spans.named('keeper.retire');
  const did = (what: string): number => looks().reduce((sum, { attributes }) => sum + Number(attributes[`trunkline.segments.${what}`] ?? 0), 0);
  const first = async (state: string): Promise<boolean> => (await world.segments())[0] === `inbound ${state}`;
  const until = (what: string) => waitFor(() => did(what) === 2, { what: `the spans to tell of two segments that are ${what}` });
  await until('closed');
  await world.age(8);
  // A look that holds back has done nothing.
  await waitFor(() => first('held by reader relay'), { what: 'the first segment to be held back' });
  await world.owner.query('alter function drop_segment rename to drop_no_more');
  await world.read();
  await waitFor(() => looks().some(({ status }) => status.message?.includes('drop_segment')), { what: 'a look that failed at a segment' });
  await world.owner.query('alter function drop_no_more rename to drop_segment');
  await until('dropped');
  await world.age(4);
  await until('swept');
  await world.age(31);
  await until('forgotten');
  await room.stop();
  expect(did('opened')).toBe(2);
  const inVain = looks().filter(({ status, attributes }) => status.message === undefined && Object.entries(attributes).every(([name, value]) => name === 'trunkline.correlation.id' || value === 0));
  expect(inVain).toEqual([]);
});
