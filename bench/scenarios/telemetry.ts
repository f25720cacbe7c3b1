import { setInterval as every } from 'node:timers/promises';
import { fullOrQuick, stopLater, type Bench, type Scenario } from '../bench.ts';
import { startBenchHub, type BenchHub } from '../bench-hub.ts';
import { startChild, type Child } from '../child.ts';
import { explainBill, untilQuiet } from '../cpu-bill.ts';
import { atLeast, spread, type Figure } from '../figures.ts';
import type { DroppedTelemetry } from '../load/drop-telemetry.ts';
import { prepareDatabase } from '../prepare-database.ts';
import { alternate } from '../rounds.ts';
import { startBenchPostgres } from '../servers.ts';
import { tripsWith, type Trip } from './end-to-end.ts';
import { sendTo, startIngestRoom, type Round } from './ingest.ts';

const TARGET = 0.9;
const UNDER_WAY = 1_000;
const SCRAPE_EVERY_MS = 5_000;
const EXPORT_EVERY_MS = '10000';
/** Many short rounds: a tenth is to be seen, and what the machine gives changes by more than that from one minute to the next. */
const ROUNDS = 15;

type Name = 'on' | 'off';

/** Traces at 10 %, metrics by OTLP and for whoever scrapes them. */
const switchedOn = (sink: Child): Record<string, string> => ({
  OTEL_EXPORTER_OTLP_ENDPOINT: sink.url,
  OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
  OTEL_TRACES_SAMPLER_ARG: '0.1',
  OTEL_METRIC_EXPORT_INTERVAL: EXPORT_EVERY_MS,
});
const switchedOff = { OTEL_SDK_DISABLED: 'true' };

/** Looks at the metrics of these rooms as Prometheus would, more often than it would, until the work is done. */
const scraped = async <T>(urls: readonly string[], work: () => Promise<T>): Promise<T> => {
  const stopping = new AbortController();
  const scraping = (async () => {
    for await (const _ of every(SCRAPE_EVERY_MS, undefined, { signal: stopping.signal })) {
      for (const url of urls) {
        const answer = await fetch(`${url}/metrics`);
        if (!answer.ok) throw new Error(`${url}/metrics answered ${answer.status}.`);
        await answer.arrayBuffer();
      }
    }
  })().catch((error: unknown) => {
    if (!stopping.signal.aborted) throw error;
  });
  try {
    return await work();
  } finally {
    stopping.abort();
    await scraping;
  }
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

const compared = (name: string, results: Record<Name, { perSecond: number }[]>, notes: string[]): Figure => {
  const rates = (of: Name) => spread(results[of].map(({ perSecond }) => perSecond));
  return atLeast(TARGET, { name, unit: '/s', ours: rates('on'), against: { ...rates('off'), name: 'no traces, no metrics' }, notes });
};

const measureIngest = async (bench: Bench, sink: Child): Promise<Figure> => {
  const postgres = await startBenchPostgres(bench);
  await prepareDatabase(bench, postgres.url);
  const on = await startIngestRoom(bench, postgres, { name: 'ingest-on', env: switchedOn(sink) });
  const off = await startIngestRoom(bench, postgres, { name: 'ingest-off', env: switchedOff });
  await requireSilent(off.url);
  const sender = stopLater(bench, await startChild(new URL('../load/send-webhooks.js', import.meta.url)));
  const send = sendTo(sender, { warmMs: 1_000, forMs: fullOrQuick(bench, 3_000, 2_000) });
  const contenders = { on: () => scraped([on.url], () => send('on', on)), off: () => send('off', off) };
  bench.say('warming up ingest');
  await contenders.on();
  await contenders.off();
  const rounds = fullOrQuick(bench, ROUNDS, 1);
  const results = await alternate<Name, Round>(rounds, contenders, (round, name, { perSecond }) => bench.say(`round ${round + 1}/${rounds} ingest, telemetry ${name}: ${perSecond.toFixed(0)}/s`));
  const of = ({ bill, statuses }: Round): string => explainBill(bill, Object.values(statuses).reduce((sum, count) => sum + count, 0));
  return compared('durable 202s, traces at 10 % and metrics on', results, [`on: ${of(results.on.at(-1)!)}`, `off: ${of(results.off.at(-1)!)}`]);
};

const roomUrls = ({ hub }: BenchHub): string[] => [...hub.rooms.values()].filter(({ room }) => room !== 'sandbox').map(({ url }) => url);

const measureTrips = async (bench: Bench, sink: Child): Promise<Figure> => {
  const partner = stopLater(bench, await startChild(new URL('../load/round-trips.js', import.meta.url)));
  const on = await startBenchHub(bench, partner.url, { name: 'hub-on', env: switchedOn(sink) });
  const off = await startBenchHub(bench, partner.url, { name: 'hub-off', env: switchedOff });
  for (const url of roomUrls(off)) await requireSilent(url);
  const trip = tripsWith(partner);
  const how = { warmMs: fullOrQuick(bench, 2_000, 1_500), forMs: fullOrQuick(bench, 5_000, 3_000), underWay: UNDER_WAY };
  const through = (name: Name, { hub, parties }: BenchHub, forMs = how.forMs): Promise<Trip> => trip(name, { url: hub.ingestUrl, parties }, { ...how, forMs });
  const urls = roomUrls(on);
  bench.say('warming up both hubs');
  for (const [name, house] of [['on', on], ['off', off]] as const) await through(name, house, fullOrQuick(bench, 20_000, 2_000));
  await untilQuiet({ ...on.parties(), sink: sink.pid });
  const rounds = fullOrQuick(bench, ROUNDS, 1);
  const contenders = { on: () => scraped(urls, () => through('on', on)), off: () => through('off', off) };
  const results = await alternate<Name, Trip>(rounds, contenders, (round, name, { perSecond }) => bench.say(`round ${round + 1}/${rounds} webhook → call, telemetry ${name}: ${perSecond.toFixed(0)}/s`));
  const of = ({ bill, sent }: Trip): string => explainBill(bill, sent);
  return compared('webhook → call, traces at 10 % and metrics on', results, [`on: ${of(results.on.at(-1)!)}`, `off: ${of(results.off.at(-1)!)}`]);
};

const run = async (bench: Bench): Promise<Figure[]> => {
  const sink = stopLater(bench, await startChild(new URL('../load/drop-telemetry.js', import.meta.url)));
  const ingest = await measureIngest(bench, sink);
  const trips = await measureTrips(bench, sink);
  return [ingest, { ...trips, notes: [...trips.notes!, await exportedTo(sink)] }];
};

export const telemetry: Scenario = { name: 'telemetry', about: 'what traces at 10 % and metrics cost, against both off', run };
