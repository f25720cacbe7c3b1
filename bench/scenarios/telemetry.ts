import { setTimeout as pause } from 'node:timers/promises';
import { fullOrQuick, stopLater, type Bench, type Scenario } from '../bench.ts';
import { startBenchHub, type BenchHub } from '../bench-hub.ts';
import { startChild, type Child } from '../child.ts';
import { explainBill, untilQuiet, type CpuBill } from '../cpu-bill.ts';
import { atLeast, spread, type Figure } from '../figures.ts';
import type { DroppedTelemetry } from '../load/drop-telemetry.ts';
import { prepareDatabase } from '../prepare-database.ts';
import { alternate } from '../rounds.ts';
import { startBenchPostgres } from '../servers.ts';
import { tripsWith } from './end-to-end.ts';
import { sendTo, startIngestRoom, type Contender } from './ingest.ts';

const TARGET = 0.9;
const UNDER_WAY = 1_000;

/**
 * A tenth is to be seen. What the machine gives changes by more than that from one minute to the next, so the two take many short turns;
 * one process is faster than the next one with the same code, so every round has a new pair.
 */
const INGEST = { rounds: 8, turns: 12, warmUpMs: 4_000, turn: { warmMs: 500, forMs: 1_500 }, turnsPerLook: 6 };
const TRIPS = { rounds: 5, turns: 8, warmUpMs: 15_000, turn: { warmMs: 1_000, forMs: 5_000 }, turnsPerLook: 2 };

type Name = 'on' | 'off';
const NAMES: Name[] = ['on', 'off'];

/** What a turn was worth. */
type Turn = { perSecond: number; bill: CpuBill; items: number };

/** Traces at 10 %, metrics for whoever scrapes them, and by OTLP as often as by default: once a minute. */
const switchedOn = (sink: Child): Record<string, string> => ({
  OTEL_EXPORTER_OTLP_ENDPOINT: sink.url,
  OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
  OTEL_TRACES_SAMPLER_ARG: '0.1',
});
const switchedOff = { OTEL_SDK_DISABLED: 'true' };
const environmentOf = (name: Name, sink: Child): Record<string, string> => (name === 'on' ? switchedOn(sink) : switchedOff);

const lookAt = async (urls: readonly string[]): Promise<void> => {
  for (const url of urls) {
    const answer = await fetch(`${url}/metrics`);
    if (!answer.ok) throw new Error(`${url}/metrics answered ${answer.status}.`);
    await answer.arrayBuffer();
  }
};

type Plan = typeof INGEST | typeof TRIPS;

/**
 * Looks at the metrics of these rooms in the middle of every so many turns: once in 12 s of their own time, where Prometheus as we
 * ship it looks once in 15 s. A look in each of such short turns would cost several times what anybody pays for it.
 */
const scraped = async <T>(urls: readonly string[], { turn: { warmMs, forMs }, turnsPerLook }: Plan, turn: number, work: () => Promise<T>): Promise<T> => {
  const look = turn % turnsPerLook === 0 ? pause(warmMs + forMs / 2).then(() => lookAt(urls)) : undefined;
  const [result] = await Promise.all([work(), look]);
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

/** One figure for the round: so many per second in all of a contender's turns. */
const meanOf = (turns: readonly Turn[]): number => turns.reduce((sum, { perSecond }) => sum + perSecond, 0) / turns.length;

const sumOf = (bills: readonly CpuBill[]): CpuBill =>
  bills.reduce((sum, { elapsedS, seconds }) => ({
    elapsedS: sum.elapsedS + elapsedS,
    seconds: Object.fromEntries(Object.entries(seconds).map(([name, s]) => [name, s + (sum.seconds[name] ?? 0)])),
  }), { elapsedS: 0, seconds: {} });

const itemsOf = (turns: readonly Turn[]): number => turns.reduce((sum, { items }) => sum + items, 0);
const billOf = (turns: readonly Turn[]): CpuBill => sumOf(turns.map(({ bill }) => bill));

/** What one item takes of a core in all processes but the load's own, in µs: what a rate is made of when the machine is full. */
const costOf = (turns: readonly Turn[]): number =>
  (Object.entries(billOf(turns).seconds).reduce((sum, [name, s]) => (name === 'load' ? sum : sum + s), 0) / itemsOf(turns)) * 1e6;

type Rounds = Record<Name, Turn[][]>;

const compared = (name: string, rounds: Rounds): Figure => {
  const rates = (of: Name) => spread(rounds[of].map(meanOf));
  const [on, off] = [costOf(rounds.on.flat()), costOf(rounds.off.flat())];
  const notes = [
    `of a core, each takes ${on.toFixed(0)} µs with and ${off.toFixed(0)} µs without: ${(off / on).toFixed(2)}×`,
    ...NAMES.map((of) => `${of}: ${explainBill(billOf(rounds[of].flat()), itemsOf(rounds[of].flat()))}`),
  ];
  return atLeast(TARGET, { name: `${name}, traces at 10 % and metrics on`, unit: '/s', ours: rates('on'), against: { ...rates('off'), name: 'no traces, no metrics' }, notes });
};

const inOrder = <T>(order: readonly Name[], of: Record<Name, T>): Partial<Record<Name, T>> => Object.fromEntries(order.map((name) => [name, of[name]]));

/** Every round starts a pair of its own, lets the two take turns, the one or the other first, and ends it. */
const inRounds = async (bench: Bench, what: string, rounds: number, round: (bench: Bench, order: Name[]) => Promise<Record<Name, Turn[]>>): Promise<Rounds> => {
  const all: Rounds = { on: [], off: [] };
  for (let n = 0; n < rounds; n++) {
    const started = bench.started.use(new AsyncDisposableStack());
    const turns = await round({ ...bench, started }, n % 2 === 0 ? NAMES : NAMES.toReversed());
    await started.disposeAsync();
    for (const name of NAMES) all[name].push(turns[name]);
    const [on, off] = [meanOf(turns.on), meanOf(turns.off)];
    const cost = costOf(turns.off) / costOf(turns.on);
    bench.say(`round ${n + 1}/${rounds} ${what}: ${on.toFixed(0)}/s with telemetry, ${off.toFixed(0)}/s without: ${(on / off).toFixed(2)}×, by cost ${cost.toFixed(2)}×`);
  }
  return all;
};

const measureIngest = async (bench: Bench, sink: Child): Promise<Figure> => {
  const postgres = await startBenchPostgres(bench);
  await prepareDatabase(bench, postgres.url);
  const sender = stopLater(bench, await startChild(new URL('../load/send-webhooks.js', import.meta.url)));
  const send = sendTo(sender);

  const round = async (bench: Bench, order: Name[]): Promise<Record<Name, Turn[]>> => {
    const [on, off] = await Promise.all(NAMES.map((name) => startIngestRoom(bench, postgres, { name: `ingest-${name}`, env: environmentOf(name, sink) })));
    const rooms = { on: on!, off: off! };
    await requireSilent(rooms.off.url);
    const taken = async (name: Name, room: Contender, how: { warmMs: number; forMs: number } = INGEST.turn): Promise<Turn> => {
      const { perSecond, bill, statuses } = await send(name, room, how);
      return { perSecond, bill, items: Object.values(statuses).reduce((sum, count) => sum + count, 0) };
    };
    const warmUp = { warmMs: 0, forMs: fullOrQuick(bench, INGEST.warmUpMs, 1_000) };
    for (const name of order) await taken(name, rooms[name], warmUp);
    const contenders = { on: (turn: number) => scraped([rooms.on.url], INGEST, turn, () => taken('on', rooms.on)), off: () => taken('off', rooms.off) };
    return alternate<Name, Turn>(fullOrQuick(bench, INGEST.turns, 1), inOrder(order, contenders));
  };
  return compared('durable 202s', await inRounds(bench, 'ingest', fullOrQuick(bench, INGEST.rounds, 1), round));
};

const roomUrls = ({ hub }: BenchHub): string[] => [...hub.rooms.values()].filter(({ room }) => room !== 'sandbox').map(({ url }) => url);

const measureTrips = async (bench: Bench, sink: Child): Promise<Figure> => {
  const partner = stopLater(bench, await startChild(new URL('../load/round-trips.js', import.meta.url)));
  const trip = tripsWith(partner);
  const turn = { ...TRIPS.turn, underWay: UNDER_WAY };

  const round = async (bench: Bench, order: Name[]): Promise<Record<Name, Turn[]>> => {
    const [on, off] = await Promise.all(NAMES.map((name) => startBenchHub(bench, partner.url, { name: `hub-${name}`, env: environmentOf(name, sink) })));
    const hubs = { on: on!, off: off! };
    for (const url of roomUrls(hubs.off)) await requireSilent(url);
    const taken = async (name: Name, { hub, parties }: BenchHub, how = turn): Promise<Turn> => {
      const { perSecond, bill, sent } = await trip(name, { url: hub.ingestUrl, parties }, how);
      return { perSecond, bill, items: sent };
    };
    const warmUp = { ...turn, warmMs: 0, forMs: fullOrQuick(bench, TRIPS.warmUpMs, 2_000) };
    for (const name of order) await taken(name, hubs[name], warmUp);
    await untilQuiet({ ...hubs.on.parties(), sink: sink.pid });
    const contenders = { on: (turn: number) => scraped(roomUrls(hubs.on), TRIPS, turn, () => taken('on', hubs.on)), off: () => taken('off', hubs.off) };
    return alternate<Name, Turn>(fullOrQuick(bench, TRIPS.turns, 1), inOrder(order, contenders));
  };
  return compared('webhook → call', await inRounds(bench, 'webhook → call', fullOrQuick(bench, TRIPS.rounds, 1), round));
};

const run = async (bench: Bench): Promise<Figure[]> => {
  const sink = stopLater(bench, await startChild(new URL('../load/drop-telemetry.js', import.meta.url)));
  const ingest = await measureIngest(bench, sink);
  const trips = await measureTrips(bench, sink);
  return [ingest, { ...trips, notes: [...trips.notes!, await exportedTo(sink)] }];
};

export const telemetry: Scenario = { name: 'telemetry', about: 'what traces at 10 % and metrics cost, against both off', run };
