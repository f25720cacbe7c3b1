import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { connectBus, streamsState } from '#bus';
import type { NewEvent } from '#contract';
import { freePort } from '#embedded';
import { byteaArray, openDatabase, openEventLog, START_OF_LOG, type Database, type EventLog } from '#event-log';
import { fullOrQuick, stopLater, type Bench, type Scenario } from '../bench.ts';
import { billed, explainBill, type Parties } from '../cpu-bill.ts';
import { atLeast, spread, type Figure } from '../figures.ts';
import { makeEvents } from '../make-events.ts';
import { prepareDatabase } from '../prepare-database.ts';
import { roomEnv } from '../room-env.ts';
import { alternate } from '../rounds.ts';
import { startBenchNats, startBenchPostgres } from '../servers.ts';
import { roomProcess } from '../../test/harness/room-process.ts';

const BATCH = 500;
/** While one batch is on its way to the disk the next one gathers. */
const CALLERS = 2 * BATCH;

const perSecond = async (count: number, work: () => Promise<unknown>): Promise<number> => {
  const began = performance.now();
  await work();
  return count / ((performance.now() - began) / 1_000);
};

const appendAll = async (log: EventLog, events: NewEvent[]): Promise<void> => {
  let next = 0;
  const caller = async (): Promise<void> => {
    while (next < events.length) await log.append(events[next++]!);
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
};

const BARE = {
  name: 'bare',
  text: `insert into events (id, type, partner, integration, tenant, correlation_id, occurred_at, schema_version, content_type, data, headers, segment)
    select *, 2 from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::uuid[], $7::timestamptz[], $8::smallint[], $9::text[], $10::bytea[], $11::jsonb[])`,
};

const columnsOf = (events: NewEvent[]): unknown[] => [
  ...(['id', 'type', 'partner', 'integration', 'tenant', 'correlationId', 'occurredAt', 'schemaVersion', 'contentType'] as const).map((key) => events.map((event) => event[key])),
  byteaArray(events.map((event) => event.data)),
  events.map((event) => JSON.stringify(event.headers)),
];

/** The same rows into the same table over one connection, their columns made before the clock runs: no queue, no twins, nothing told back. */
const insertBarely = async (client: pg.Client, batches: unknown[][]): Promise<void> => {
  for (const values of batches) await client.query({ ...BARE, values });
};

const inBatches = (events: NewEvent[]): unknown[][] => {
  const batches: unknown[][] = [];
  for (let i = 0; i < events.length; i += BATCH) batches.push(columnsOf(events.slice(i, i + BATCH)));
  return batches;
};

const compareAppends = async (bench: Bench, log: EventLog, bare: pg.Client): Promise<Figure> => {
  const count = fullOrQuick(bench, 20_000, 5_000);
  const rounds = fullOrQuick(bench, 7, 3);
  await appendAll(log, makeEvents('warm', 2_000));
  const results = await alternate<'ours' | 'bare', number>(rounds, {
    ours: async (round) => {
      const events = makeEvents(`ours${round}`, count);
      return perSecond(count, () => appendAll(log, events));
    },
    bare: async (round) => {
      const batches = inBatches(makeEvents(`bare${round}`, count));
      return perSecond(count, () => insertBarely(bare, batches));
    },
  }, (round, name, rate) => bench.say(`round ${round + 1}/${rounds} append ${name}: ${rate.toFixed(0)}/s`));
  return atLeast(0.8, { name: `append, ${BATCH} in a batch`, unit: '/s', ours: spread(results.ours), against: { ...spread(results.bare), name: 'bare INSERT … unnest' } });
};

const readAll = async (log: EventLog): Promise<number> => {
  let [at, count] = [START_OF_LOG, 0];
  for (;;) {
    const events = await log.read(at, BATCH);
    if (events.length === 0) return count;
    at = events.at(-1)!.at;
    count += events.length;
  }
};

const measureReads = async (bench: Bench, log: EventLog): Promise<{ figure: Figure; events: number }> => {
  const events = await readAll(log);
  const rates: number[] = [];
  for (let round = 0; round < fullOrQuick(bench, 5, 2); round++) rates.push(await perSecond(events, () => readAll(log)));
  bench.say(`ordered read: ${rates.map((rate) => rate.toFixed(0)).join(', ')}/s`);
  return { events, figure: { name: `ordered read, ${BATCH} at a time`, unit: '/s', ours: spread(rates) } };
};

/** The relay starts before a log that is full, and works through it. */
const measureRelay = async (bench: Bench, databaseUrl: string, postgres: number, events: number): Promise<Figure> => {
  const nats = await startBenchNats(bench);
  const bus = await connectBus({ url: nats.url, name: 'bench' });
  bench.started.defer(() => bus.close());
  const port = await freePort();
  const env = { ...roomEnv(bench), DATABASE_URL: databaseUrl, NATS_URL: nats.url, RELAY_HEALTH_PORT: String(port) };
  const relay = stopLater(bench, roomProcess({ room: 'relay', name: 'relay', url: `http://127.0.0.1:${port}`, env }, join(bench.folder, 'relay.log')));
  const published = async (): Promise<number> => (await streamsState(bus, []).catch(() => ({ eventsSeq: 0 }))).eventsSeq;
  const [began, ready] = [performance.now(), relay.start()];
  while ((await published()) === 0) await patience(began);
  await ready;
  const from = await published();
  const parties: Parties = { relay: relay.pid(), postgres, nats: nats.pid };
  const { bill } = await billed(parties, async () => {
    while ((await published()) < events) await patience(began);
  });
  const rate = (events - from) / bill.elapsedS;
  bench.say(`relay: ${rate.toFixed(0)}/s`);
  return { name: 'relay, log to JetStream', unit: '/s', ours: spread([rate]), notes: [explainBill(bill, events - from)] };
};

const patience = async (began: number): Promise<void> => {
  if (performance.now() - began > 120_000) throw new Error('The relay did not get through the log within 120 s.');
  await pause(20);
};

const openLog = (bench: Bench, url: string): { db: Database; log: EventLog } => {
  const db = openDatabase({ url, applicationName: 'trunkline-bench', max: 3 });
  bench.started.defer(() => db.close());
  const log = openEventLog(db);
  bench.started.defer(() => log.close());
  return { db, log };
};

const run = async (bench: Bench): Promise<Figure[]> => {
  const postgres = await startBenchPostgres(bench);
  await prepareDatabase(bench, postgres.url);
  const { log } = openLog(bench, postgres.url);
  const bare = new pg.Client({ connectionString: postgres.url });
  await bare.connect();
  bench.started.defer(() => bare.end());
  const appends = await compareAppends(bench, log, bare);
  const reads = await measureReads(bench, log);
  return [appends, reads.figure, await measureRelay(bench, postgres.url, postgres.pid, reads.events)];
};

export const log: Scenario = { name: 'log', about: 'the event log by itself', run };
