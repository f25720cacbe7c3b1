import { setTimeout as pause } from 'node:timers/promises';
import { fullOrQuick, stopLater, type Bench, type Scenario } from '../bench.ts';
import { startBenchHub, type BenchHub } from '../bench-hub.ts';
import { startChild, type Child } from '../child.ts';
import { explainBill, untilQuiet, type CpuBill } from '../cpu-bill.ts';
import { atLeast, spread, type Figure } from '../figures.ts';
import type { DroppedTelemetry } from '../load/drop-telemetry.ts';
import { prepareDatabase } from '../prepare-database.ts';
import { startBenchPostgres } from '../servers.ts';
import { takeSlices } from '../take-slices.ts';
import { prepareTrips } from './end-to-end.ts';
import { prepareSending, startIngestRoom } from './ingest.ts';

const TARGET = 0.9;
const UNDER_WAY = 1_000;

type Name = 'on' | 'off';
const NAMES: Name[] = ['on', 'off'];

/**
 * A tenth is to be seen. What the machine gives changes by more than that from one second to the next, so the two share it in slices
 * (`takeSlices`); one process is faster than the next one with the same code, so every round has a new pair. `warmMs` and `forMs` are
 * the two's together, and there is a look at the metrics for every 12 s that are the one's own.
 */
const INGEST = { rounds: 8, warmUpMs: 4_000, sliceMs: 250, looks: 1, run: { warmMs: 1_000, forMs: 24_000, mostPerSecond: 6_000 } };
const TRIPS = { rounds: 6, warmUpMs: 15_000, sliceMs: 500, looks: 2, run: { warmMs: 4_000, forMs: 48_000, mostPerSecond: 1_500, underWay: UNDER_WAY } };

const forBoth = async <T>(make: (name: Name) => Promise<T>): Promise<Record<Name, T>> => {
  const [on, off] = await Promise.all(NAMES.map(make));
  return { on: on!, off: off! };
};

/** What one of the two did in a round, in the time that was its own. */
type Share = { perSecond: number; bill: CpuBill; items: number };

/** Traces at 10 %, metrics for whoever scrapes them, and by OTLP as often as by default: once a minute. */
const switchedOn = (sink: Child): Record<string, string> => ({
  OTEL_EXPORTER_OTLP_ENDPOINT: sink.url,
  OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
  OTEL_TRACES_SAMPLER_ARG: '0.1',
});
const switchedOff = { OTEL_SDK_DISABLED: 'true' };
const environmentOf = (name: Name, sink: Child): Record<string, string> => (name === 'on' ? switchedOn(sink) : switchedOff);

const read = async (url: string): Promise<void> => {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}.`);
  await answer.arrayBuffer();
};

/**
 * What a hub is asked by those who watch over it: whether each room is ready, with telemetry or without; and its metrics, where it has
 * any. The first request of another kind makes ingest slower for good (docs/decisions/0051), whatever it asks.
 */
const watch = async (name: Name, urls: readonly string[]): Promise<void> => {
  for (const url of urls) {
    await read(`${url}/health/ready`);
    if (name === 'on') await read(`${url}/metrics`);
  }
};

/** Works, and meanwhile looks so many times, evenly spread over so many ms. */
const watched = async <T>(looks: number, overMs: number, look: () => Promise<void>, work: () => Promise<T>): Promise<T> => {
  const looking = async (): Promise<void> => {
    for (let n = 0; n < looks; n++) {
      await pause(overMs / (looks + 1));
      await look();
    }
  };
  const [result] = await Promise.all([work(), looking()]);
  return result;
};

const requireSilent = async (url: string): Promise<void> => {
  const { status } = await fetch(`${url}/metrics`);
  if (status !== 404) throw new Error(`Metrics are off, and ${url}/metrics answered ${status}.`);
};

/** A measurement that nobody told anything measures nothing. */
const exportedTo = async (sink: Child): Promise<string> => {
  const dropped = await sink.ask<DroppedTelemetry>('what came?');
  return ['/v1/traces', '/v1/metrics'].map((path) => {
    const seen = dropped[path];
    if (seen === undefined) throw new Error(`Telemetry was on, and nothing came to ${path}.`);
    return `${path}: ${seen.exports} exports, ${(seen.bytes / 1e6).toFixed(1)} MB`;
  }).join('; ');
};

const sumOf = (bills: readonly CpuBill[]): CpuBill =>
  bills.reduce((sum, { elapsedS, seconds }) => ({
    elapsedS: sum.elapsedS + elapsedS,
    seconds: Object.fromEntries(Object.entries(seconds).map(([name, s]) => [name, s + (sum.seconds[name] ?? 0)])),
  }), { elapsedS: 0, seconds: {} });

const itemsOf = (shares: readonly Share[]): number => shares.reduce((sum, { items }) => sum + items, 0);
const billOf = (shares: readonly Share[]): CpuBill => sumOf(shares.map(({ bill }) => bill));

/** What one item takes of a core in all processes but the load's own, in µs: what a rate is made of when the machine is full. */
const costOf = (shares: readonly Share[]): number =>
  (Object.entries(billOf(shares).seconds).reduce((sum, [name, s]) => (name === 'load' ? sum : sum + s), 0) / itemsOf(shares)) * 1e6;

type Rounds = Record<Name, Share[]>;

const compared = (name: string, rounds: Rounds): Figure => {
  const rates = (of: Name) => spread(rounds[of].map(({ perSecond }) => perSecond));
  const [on, off] = [costOf(rounds.on), costOf(rounds.off)];
  const notes = [
    `of a core, each takes ${on.toFixed(0)} µs with and ${off.toFixed(0)} µs without: ${(off / on).toFixed(2)}×`,
    ...NAMES.map((of) => `${of}: ${explainBill(billOf(rounds[of]), itemsOf(rounds[of]))}`),
  ];
  return atLeast(TARGET, { name: `${name}, traces at 10 % and metrics on`, unit: '/s', ours: rates('on'), against: { ...rates('off'), name: 'no traces, no metrics' }, notes });
};

/** What is measured: a pair that is warm, and what each of the two sends when told to. */
type Pair = {
  /** The processes that are stopped while the other one's run. */
  pids: Record<Name, number[]>;
  send: Record<Name, () => Promise<Share>>;
  /** Where their rooms answer. */
  urls: Record<Name, string[]>;
};

type Plan = typeof INGEST | typeof TRIPS;

/** Half of the time was its own. */
const ownShare = ({ perSecond, bill, items }: Share): Share =>
  ({ perSecond: perSecond * NAMES.length, items, bill: { ...bill, elapsedS: bill.elapsedS / NAMES.length } });

const measure = async (bench: Bench, { sliceMs, looks, run }: Plan, { pids, send, urls }: Pair): Promise<Record<Name, Share>> => {
  const forMs = fullOrQuick(bench, run.forMs, 2_000);
  const look = async (): Promise<void> => void (await forBoth((name) => watch(name, urls[name])));
  const shares = await takeSlices([pids.on, pids.off], sliceMs, () => watched(fullOrQuick(bench, looks, 1), forMs, look, () => forBoth((name) => send[name]())));
  return { on: ownShare(shares.on), off: ownShare(shares.off) };
};

/** Every round starts a pair of its own, and ends it. */
const inRounds = async (bench: Bench, what: string, plan: Plan, startPair: (bench: Bench, round: number) => Promise<Pair>): Promise<Rounds> => {
  const all: Rounds = { on: [], off: [] };
  const rounds = fullOrQuick(bench, plan.rounds, 1);
  for (let round = 0; round < rounds; round++) {
    const started = bench.started.use(new AsyncDisposableStack());
    const { on, off } = await measure(bench, plan, await startPair({ ...bench, started }, round));
    await started.disposeAsync();
    all.on.push(on);
    all.off.push(off);
    bench.say(`round ${round + 1}/${rounds} ${what}: ${on.perSecond.toFixed(0)}/s with telemetry, ${off.perSecond.toFixed(0)}/s without: ${(on.perSecond / off.perSecond).toFixed(3)}×, by cost ${(costOf([off]) / costOf([on])).toFixed(3)}×`);
  }
  return all;
};

/** The one or the other first, round by round: what runs first finds the machine as the round before has left it. */
const inTurn = (round: number): Name[] => (round % 2 === 0 ? NAMES : NAMES.toReversed());

const countOf = (statuses: Record<number, number>): number => Object.values(statuses).reduce((sum, count) => sum + count, 0);

const measureIngest = async (bench: Bench, sink: Child): Promise<Figure> => {
  const postgres = await forBoth(async () => {
    const server = await startBenchPostgres(bench);
    await prepareDatabase(bench, server.url);
    return server;
  });
  const senders = await forBoth(async () => stopLater(bench, await startChild(new URL('../load/send-webhooks.js', import.meta.url))));
  const prepare = { on: prepareSending(senders.on), off: prepareSending(senders.off) };

  const startPair = async (bench: Bench, round: number): Promise<Pair> => {
    const rooms = await forBoth((name) => startIngestRoom(bench, postgres[name], { name: `ingest-${name}`, env: environmentOf(name, sink) }));
    await requireSilent(rooms.off.url);
    const warmUp = { warmMs: 0, forMs: fullOrQuick(bench, INGEST.warmUpMs, 1_000) };
    const urls = { on: [rooms.on.url], off: [rooms.off.url] };
    for (const name of inTurn(round)) await watched(1, warmUp.forMs, () => watch(name, urls[name]), await prepare[name](name, rooms[name], warmUp));
    const run = { ...INGEST.run, forMs: fullOrQuick(bench, INGEST.run.forMs, 2_000) };
    const prepared = await forBoth((name) => prepare[name](name, rooms[name], run));
    const shareOf = (name: Name) => async (): Promise<Share> => {
      const { perSecond, bill, statuses } = await prepared[name]();
      return { perSecond, bill, items: countOf(statuses) };
    };
    const pidsOf = (name: Name): number[] => [rooms[name].parties['ingest']!, senders[name].pid];
    return { pids: { on: pidsOf('on'), off: pidsOf('off') }, send: { on: shareOf('on'), off: shareOf('off') }, urls };
  };
  return compared('durable 202s', await inRounds(bench, 'ingest', INGEST, startPair));
};

const roomUrls = ({ hub }: BenchHub): string[] => [...hub.rooms.values()].filter(({ room }) => room !== 'sandbox').map(({ url }) => url);

const measureTrips = async (bench: Bench, sink: Child): Promise<Figure> => {
  const partners = await forBoth(async () => stopLater(bench, await startChild(new URL('../load/round-trips.js', import.meta.url))));
  const prepare = { on: prepareTrips(partners.on), off: prepareTrips(partners.off) };

  const startPair = async (bench: Bench, round: number): Promise<Pair> => {
    const hubs = await forBoth((name) => startBenchHub(bench, partners[name].url, { name: `hub-${name}`, env: environmentOf(name, sink) }));
    for (const url of roomUrls(hubs.off)) await requireSilent(url);
    const ways = await forBoth(async (name) => ({ url: hubs[name].hub.ingestUrl, parties: hubs[name].parties }));
    const warmUp = { warmMs: 0, forMs: fullOrQuick(bench, TRIPS.warmUpMs, 2_000), underWay: UNDER_WAY };
    const urls = { on: roomUrls(hubs.on), off: roomUrls(hubs.off) };
    for (const name of inTurn(round)) await watched(1, warmUp.forMs, () => watch(name, urls[name]), await prepare[name](name, ways[name], warmUp));
    const run = { ...TRIPS.run, forMs: fullOrQuick(bench, TRIPS.run.forMs, 4_000) };
    const prepared = await forBoth((name) => prepare[name](name, ways[name], run));
    for (const name of NAMES) await untilQuiet(hubs[name].parties());
    const shareOf = (name: Name) => async (): Promise<Share> => {
      const { perSecond, bill, sent } = await prepared[name]();
      return { perSecond, bill, items: sent };
    };
    const pidsOf = (name: Name): number[] => [...[...hubs[name].hub.rooms.values()].map((room) => room.pid()), partners[name].pid];
    return { pids: { on: pidsOf('on'), off: pidsOf('off') }, send: { on: shareOf('on'), off: shareOf('off') }, urls };
  };
  return compared('webhook → call', await inRounds(bench, 'webhook → call', TRIPS, startPair));
};

const run = async (bench: Bench): Promise<Figure[]> => {
  const sink = stopLater(bench, await startChild(new URL('../load/drop-telemetry.js', import.meta.url)));
  const ingest = await measureIngest(bench, sink);
  const trips = await measureTrips(bench, sink);
  return [ingest, { ...trips, notes: [...trips.notes!, await exportedTo(sink)] }];
};

export const telemetry: Scenario = { name: 'telemetry', about: 'what traces at 10 % and metrics cost, against both off', run };
