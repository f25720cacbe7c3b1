import { join } from 'node:path';
import { freePort } from '#embedded';
import { baseline } from '../baselines.ts';
import { fullOrQuick, stopLater, type Bench, type Scenario } from '../bench.ts';
import { startChild, type Child } from '../child.ts';
import { billed, explainBill, type CpuBill } from '../cpu-bill.ts';
import { atLeast, below, median, spread, type Figure } from '../figures.ts';
import { WEBHOOK_SECRET } from '../load/make-webhooks.ts';
import type { SendOrder, SendReport } from '../load/send-webhooks.ts';
import { prepareDatabase } from '../prepare-database.ts';
import { alternate } from '../rounds.ts';
import { roomEnv } from '../room-env.ts';
import { startBenchPostgres, startBenchRedis } from '../servers.ts';
import { roomProcess } from '../../test/harness/room-process.ts';

const CONNECTIONS = 64;
const BODY_BYTES = 1_000;
/** More than any of them takes; what is left over is thrown away. */
const MOST_PER_SECOND = 14_000;

type Name = 'ours' | 'hollow' | 'queue';
type Contender = { url: string; parties: Record<string, number> };
type Contenders = Partial<Record<Name, Contender>>;
type Round = SendReport & { bill: CpuBill };

/** Ingest alone, in a process of its own. `special` names it where there are several, and adds to its environment. */
export const startIngestRoom = async (bench: Bench, { url: databaseUrl, pid: postgres }: { url: string; pid: number }, special: { name: string; env: Record<string, string> } = { name: 'ingest', env: {} }): Promise<Contender> => {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const env = { ...roomEnv(bench), DATABASE_URL: databaseUrl, INGEST_PORT: String(port), ...special.env };
  const room = stopLater(bench, roomProcess({ room: 'ingest', name: special.name, url, env }, join(bench.folder, `${special.name}.log`)));
  await room.start();
  return { url, parties: { ingest: room.pid(), postgres } };
};

const startHollow = async (bench: Bench, databaseUrl: string): Promise<Contender> => {
  const env = { ...roomEnv(bench), DATABASE_URL: databaseUrl, INGEST_PORT: '0', INGEST_HOST: '127.0.0.1' };
  const child = stopLater(bench, await startChild(new URL('../hollow-ingest.js', import.meta.url), env));
  return { url: child.url, parties: { ingest: child.pid } };
};

const startQueue = async (bench: Bench): Promise<Contender | undefined> => {
  const redis = await startBenchRedis(bench);
  if ('missing' in redis) {
    bench.say(`without the BullMQ baseline: ${redis.missing}`);
    return undefined;
  }
  const env = { NODE_ENV: 'production', REDIS_PORT: String(redis.port), WEBHOOK_SECRET };
  const child = stopLater(bench, await startChild(baseline('endpoint'), env));
  return { url: child.url, parties: { express: child.pid, redis: redis.pid } };
};

const startAll = async (bench: Bench): Promise<Contenders> => {
  const postgres = await startBenchPostgres(bench);
  await prepareDatabase(bench, postgres.url);
  const ours = await startIngestRoom(bench, postgres);
  return { ours, hollow: await startHollow(bench, postgres.url), queue: await startQueue(bench) };
};

const requireAccepted = ({ statuses }: SendReport, name: string): void => {
  const others = Object.entries(statuses).filter(([status]) => status !== '202');
  if (others.length > 0) throw new Error(`${name} was to answer 202 to every webhook, and answered ${others.map(([status, count]) => `${status} × ${count}`).join(', ')}.`);
};

/** `mostPerSecond`: more than the contender takes. */
type How = Pick<SendOrder, 'warmMs' | 'forMs' | 'perSecond'> & { mostPerSecond?: number };

/** Makes ready to send to a contender as much as it takes, or at a rate; every webhook must be accepted. What it gives sends them. */
export const prepareSending = (sender: Child) => {
  let orders = 0;
  return async (name: string, { url, parties }: Contender, { mostPerSecond = MOST_PER_SECOND, ...how }: How): Promise<() => Promise<Round>> => {
    const count = Math.ceil(((how.warmMs + how.forMs) / 1_000) * (how.perSecond ?? mostPerSecond));
    const order: SendOrder = { ...how, url, connections: CONNECTIONS, series: `${sender.pid}x${orders++}`, first: 0, count, bodyBytes: BODY_BYTES };
    await sender.ask(order);
    return async () => {
      const { result, bill } = await billed({ ...parties, load: sender.pid }, () => sender.ask<SendReport>('go'));
      requireAccepted(result, name);
      return { ...result, bill };
    };
  };
};

const sendTo = (sender: Child) => {
  const prepare = prepareSending(sender);
  return async (name: string, contender: Contender, how: How): Promise<Round> => (await prepare(name, contender, how))();
};

type Results = Record<Name, Round[]>;

const rates = (rounds: Round[]) => spread(rounds.map((round) => round.perSecond));
const p99s = (rounds: Round[]) => spread(rounds.map((round) => round.latencies.p99));

const boundOf = (rounds: Round[]): string => {
  const { bill, statuses } = rounds.at(-1)!;
  return explainBill(bill, Object.values(statuses).reduce((sum, count) => sum + count, 0));
};

const figuresOf = (max: Results, half: Results): Figure[] => {
  const ours = rates(max.ours);
  const name = `durable 202s, ${CONNECTIONS} connections, 1 kB`;
  const figures: Figure[] = [atLeast(0.75, { name, unit: '/s', ours, against: { ...rates(max.hollow), name: 'append does nothing' }, notes: [boundOf(max.ours)] })];
  if (max.queue.length > 0) figures.push(atLeast(2.5, { name, unit: '/s', ours, against: { ...rates(max.queue), name: 'Express + BullMQ' } }));
  const queue = half.queue.length > 0 ? { ...p99s(half.queue), name: 'Express + BullMQ at half of its own' } : undefined;
  figures.push(below(30, { name: 'p99 at half of our rate', unit: 'ms', ours: p99s(half.ours), against: queue }));
  figures.push({ name: 'p99 at full rate', unit: 'ms', ours: p99s(max.ours), against: max.queue.length > 0 ? { ...p99s(max.queue), name: 'Express + BullMQ' } : undefined });
  return figures;
};

const run = async (bench: Bench): Promise<Figure[]> => {
  const contenders = await startAll(bench);
  const sender = stopLater(bench, await startChild(new URL('../load/send-webhooks.js', import.meta.url)));
  const send = sendTo(sender);
  const times = { warmMs: fullOrQuick(bench, 2_000, 1_000), forMs: fullOrQuick(bench, 6_000, 2_000) };
  const rounds = fullOrQuick(bench, 5, 2);
  const present = Object.entries(contenders).filter(([, contender]) => contender !== undefined) as [Name, Contender][];
  const empty: Results = { ours: [], hollow: [], queue: [] };

  const flatOut = Object.fromEntries(present.map(([name, contender]) => [name, () => send(name, contender, times)]));
  const max: Results = { ...empty, ...(await alternate<Name, Round>(rounds, flatOut, (round, name, { perSecond, latencies }) => bench.say(`round ${round + 1}/${rounds} ${name}: ${perSecond.toFixed(0)}/s, p99 ${latencies.p99.toFixed(1)} ms`))) };

  const halves = present.filter(([name]) => name !== 'hollow').map(([name, contender]) => [name, () => send(name, contender, { ...times, perSecond: Math.floor(median(max[name].map((one) => one.perSecond)) / 2) })]);
  const half: Results = { ...empty, ...(await alternate<Name, Round>(rounds, Object.fromEntries(halves), (round, name, { perSecond, latencies }) => bench.say(`round ${round + 1}/${rounds} ${name} at ${perSecond}/s: p50 ${latencies.p50.toFixed(1)} ms, p99 ${latencies.p99.toFixed(1)} ms`))) };
  return figuresOf(max, half);
};

export const ingest: Scenario = { name: 'ingest', about: 'webhooks verified and on the disk, ingest in its own process', run };
