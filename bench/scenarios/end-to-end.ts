import { baseline } from '../baselines.ts';
import { fullOrQuick, stopLater, type Bench, type Scenario } from '../bench.ts';
import { startBenchHub, type BenchHub } from '../bench-hub.ts';
import { startChild, type Child } from '../child.ts';
import { billed, explainBill, untilQuiet, type CpuBill, type Parties } from '../cpu-bill.ts';
import { atLeast, below, median, spread, type Figure } from '../figures.ts';
import { WEBHOOK_SECRET } from '../load/make-webhooks.ts';
import type { TripOrder, TripReport } from '../load/round-trips.ts';
import { CALLS_AT_ONCE } from '../manifest.ts';
import { alternate } from '../rounds.ts';
import { startBenchRedis } from '../servers.ts';

const CONNECTIONS = 64;
const BODY_BYTES = 1_000;
/** Enough that every stage has work, few enough that nothing piles up without end. */
const UNDER_WAY = 1_000;
const STEADY_PER_SECOND = 200;
const MOST_PER_SECOND = 5_000;

type Name = 'ours' | 'no projector' | 'queue';
type Contender = { url: string; parties(): Parties };
type Trip = BilledTrip & { quietAfterMs: number };
type Results = Record<Name, Trip[]>;

const startQueue = async (bench: Bench, receiverUrl: string): Promise<Contender | undefined> => {
  const redis = await startBenchRedis(bench);
  if ('missing' in redis) {
    bench.say(`without the BullMQ baseline: ${redis.missing}`);
    return undefined;
  }
  const env = { NODE_ENV: 'production', REDIS_PORT: String(redis.port), RECEIVER_URL: receiverUrl, WORKER_CONCURRENCY: String(CALLS_AT_ONCE), WEBHOOK_SECRET };
  const worker = stopLater(bench, await startChild(baseline('worker'), env));
  const endpoint = stopLater(bench, await startChild(baseline('endpoint'), env));
  const parties = { express: endpoint.pid, worker: worker.pid, redis: redis.pid };
  return { url: endpoint.url, parties: () => parties };
};

const requireWhole = (trip: TripReport, name: string): void => {
  const others = Object.entries(trip.statuses).filter(([status]) => status !== '202');
  if (others.length > 0) throw new Error(`${name} was to answer 202 to every webhook, and answered ${others.map(([status, count]) => `${status} × ${count}`).join(', ')}.`);
  if (trip.received !== trip.sent || trip.doubled > 0) throw new Error(`${name}: of ${trip.sent} webhooks ${trip.received} led to a call, and ${trip.doubled} to a second one.`);
};

/** `mostPerSecond`: more than the contender takes. */
type How = Pick<TripOrder, 'warmMs' | 'forMs' | 'perSecond' | 'underWay'> & { mostPerSecond?: number };
type BilledTrip = TripReport & { bill: CpuBill };

/** Makes ready to send webhooks through a contender, each of which must lead to one call. What it gives sends them. */
export const prepareTrips = (partner: Child) => {
  let [orders, first] = [0, 0];
  return async (name: string, { url, parties }: Contender, { mostPerSecond = MOST_PER_SECOND, ...how }: How): Promise<() => Promise<BilledTrip>> => {
    const count = Math.ceil(((how.warmMs + how.forMs) / 1_000) * (how.perSecond ?? mostPerSecond));
    const order: TripOrder = { ...how, url, connections: CONNECTIONS, series: `${partner.pid}x${orders++}`, first, count, bodyBytes: BODY_BYTES };
    first += count;
    await partner.ask(order);
    return async () => {
      const { result, bill } = await billed({ ...parties(), load: partner.pid }, () => partner.ask<TripReport>('go'));
      requireWhole(result, name);
      return { ...result, bill };
    };
  };
};

const tripsWith = (partner: Child) => {
  const prepare = prepareTrips(partner);
  return async (name: string, contender: Contender, how: How): Promise<Trip> => {
    const trip = await (await prepare(name, contender, how))();
    return { ...trip, quietAfterMs: await untilQuiet(contender.parties()) };
  };
};

/** What the baseline has nothing like: read models of every event. Stopped for the run, and then left to catch up. */
const withoutProjector = async ({ hub, parties }: BenchHub, work: (parties: () => Parties) => Promise<Trip>): Promise<Trip> => {
  const projector = hub.rooms.get('projector')!;
  const others = (): Parties => Object.fromEntries(Object.entries(parties()).filter(([name]) => name !== 'projector'));
  await projector.stop();
  try {
    return await work(others);
  } finally {
    await projector.start();
    await untilQuiet(parties());
  }
};

const rates = (trips: Trip[]) => spread(trips.map((trip) => trip.perSecond));
const latencies = (trips: Trip[], which: 'p50' | 'p99') => spread(trips.map((trip) => trip.latencies[which]));

const figuresOf = (full: Results, steady: Results): Figure[] => {
  const name = 'webhook → call, sustained';
  const notes = [explainBill(full.ours.at(-1)!.bill, full.ours.at(-1)!.sent), `read models up to date ${(median(full.ours.map((trip) => trip.quietAfterMs)) / 1_000).toFixed(1)} s after the last call`];
  const withQueue = full.queue.length > 0;
  const queueNotes = withQueue ? [`Express + BullMQ: ${explainBill(full.queue.at(-1)!.bill, full.queue.at(-1)!.sent)}`] : ['Redis is missing: nothing to compare with'];
  const ours: Figure = { name, unit: '/s', ours: rates(full.ours), notes: [...notes, ...queueNotes] };
  const bare: Figure = { name: `${name}, without read models`, unit: '/s', ours: rates(full['no projector']) };
  const against = withQueue ? { ...rates(full.queue), name: 'Express + BullMQ + axios' } : undefined;
  const latency = (which: 'p50' | 'p99', limit: number): Figure =>
    below(limit, {
      name: `${which} at ${STEADY_PER_SECOND}/s`,
      unit: 'ms',
      ours: latencies(steady.ours, which),
      against: steady.queue.length > 0 ? { ...latencies(steady.queue, which), name: 'Express + BullMQ + axios' } : undefined,
    });
  return [against ? atLeast(1.5, { ...ours, against }) : ours, { ...bare, against }, latency('p50', 25), latency('p99', 100)];
};

const run = async (bench: Bench): Promise<Figure[]> => {
  const partner = stopLater(bench, await startChild(new URL('../load/round-trips.js', import.meta.url)));
  const house = await startBenchHub(bench, partner.url);
  const queue = await startQueue(bench, partner.url);
  const trip = tripsWith(partner);
  const ours: Contender = { url: house.hub.ingestUrl, parties: house.parties };
  const fast = { warmMs: fullOrQuick(bench, 3_000, 1_500), forMs: fullOrQuick(bench, 8_000, 3_000), underWay: UNDER_WAY };
  const calm = { warmMs: fullOrQuick(bench, 2_000, 1_000), forMs: fullOrQuick(bench, 10_000, 4_000), perSecond: STEADY_PER_SECOND };
  const warm = { ...fast, forMs: fullOrQuick(bench, 20_000, 2_000) };
  const empty: Results = { ours: [], 'no projector': [], queue: [] };
  const rounds = fullOrQuick(bench, 5, 1);

  // Code that has just started is several times slower, and there is more of it here than in the baseline.
  bench.say('warming up');
  await trip('ours', ours, warm);
  if (queue) await trip('queue', queue, warm);

  const onFull = (round: number, name: Name, { perSecond }: Trip): void => bench.say(`round ${round + 1}/${rounds} ${name}: ${perSecond.toFixed(0)}/s`);
  const full = await alternate<Name, Trip>(rounds, {
    ours: () => trip('ours', ours, fast),
    'no projector': () => withoutProjector(house, (parties) => trip('no projector', { ...ours, parties }, fast)),
    ...(queue && { queue: () => trip('queue', queue, fast) }),
  }, onFull);

  const onSteady = (round: number, name: Name, { latencies: { p50, p99 } }: Trip): void => bench.say(`round ${round + 1}/${rounds} ${name} at ${STEADY_PER_SECOND}/s: p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`);
  const steady = await alternate<Name, Trip>(rounds, {
    ours: () => trip('ours', ours, calm),
    ...(queue && { queue: () => trip('queue', queue, calm) }),
  }, onSteady);
  return figuresOf({ ...empty, ...full }, { ...empty, ...steady });
};

export const endToEnd: Scenario = { name: 'e2e', about: 'webhook in, one HTTP call out, every room a process', run };
