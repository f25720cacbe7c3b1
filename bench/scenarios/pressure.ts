import { setTimeout as pause } from 'node:timers/promises';
import { fullOrQuick, stopLater, type Bench, type Scenario } from '../bench.ts';
import { startBenchHub } from '../bench-hub.ts';
import { startChild, type Child } from '../child.ts';
import { untilQuiet } from '../cpu-bill.ts';
import { atMost, spread, type Figure } from '../figures.ts';
import type { SendOrder, SendReport } from '../load/send-webhooks.ts';
import type { SlowPartnerReport } from '../load/slow-partner.ts';
import { BENCH_MANIFEST, CALLS_AT_ONCE } from '../manifest.ts';

const PER_SECOND = 200;
const CONNECTIONS = 64;
/** Small, so that it is full soon. */
const QUEUE = 100;
/** With one call at a time, next to nothing is taken out of the queue meanwhile. */
const SLOW_MS = 4_000;

type Times = { idle: number[]; stuck: number[] };

const sendWith = (sender: Child, url: string) => {
  let orders = 0;
  return async (forMs: number): Promise<number> => {
    const warmMs = 1_000;
    const order: SendOrder = { url, connections: CONNECTIONS, warmMs, forMs, perSecond: PER_SECOND, series: `${process.pid}p${orders++}`, first: 0, count: ((warmMs + forMs) / 1_000) * PER_SECOND, bodyBytes: 1_000 };
    await sender.ask(order);
    const { statuses, latencies } = await sender.ask<SendReport>('go');
    if (Object.keys(statuses).join() !== '202') throw new Error(`Every webhook was to be accepted; the answers were ${JSON.stringify(statuses)}.`);
    return latencies.p99;
  };
};

/** Until the partner has been called for everything that was accepted. */
const untilDrained = async (partner: Child, wanted: number): Promise<void> => {
  for (let rounds = 0; (await partner.ask<SlowPartnerReport>({ delayMs: 0 })).calls < wanted; rounds++) {
    if (rounds > 1_200) throw new Error('The queue did not drain within two minutes.');
    await pause(100);
  }
};

const run = async (bench: Bench): Promise<Figure[]> => {
  const partner = stopLater(bench, await startChild(new URL('../load/slow-partner.js', import.meta.url)));
  const sender = stopLater(bench, await startChild(new URL('../load/send-webhooks.js', import.meta.url)));
  const manifest = BENCH_MANIFEST.replace(`concurrency: ${CALLS_AT_ONCE}`, 'concurrency: 1');
  const house = await startBenchHub(bench, partner.url, { manifest, env: { COMMANDS_PER_SUBJECT: String(QUEUE) } });
  const send = sendWith(sender, house.hub.ingestUrl);
  const [fillMs, forMs] = [2_000, fullOrQuick(bench, 8_000, 3_000)];
  const rounds = fullOrQuick(bench, 4, 1);
  const times: Times = { idle: [], stuck: [] };
  let sent = 0;
  const counted = async (ms: number): Promise<number> => {
    sent += ((1_000 + ms) / 1_000) * PER_SECOND;
    return send(ms);
  };
  bench.say('warming up');
  await counted(fullOrQuick(bench, 15_000, 2_000));
  await untilDrained(partner, sent);
  for (let round = 0; round < rounds; round++) {
    await untilQuiet(house.parties());
    times.idle.push(await counted(forMs));
    await untilDrained(partner, sent);
    await partner.ask({ delayMs: SLOW_MS });
    await counted(fillMs);
    times.stuck.push(await counted(forMs));
    await untilDrained(partner, sent);
    bench.say(`round ${round + 1}/${rounds}: p99 ${times.idle.at(-1)!.toFixed(1)} ms idle, ${times.stuck.at(-1)!.toFixed(1)} ms with everything behind it stuck`);
  }
  return [
    atMost(2, {
      name: `ingest p99 at ${PER_SECOND}/s`,
      unit: 'ms',
      ours: spread(times.stuck),
      against: { ...spread(times.idle), name: 'all queues empty, partner quick' },
      notes: [`ours: the queue full (${QUEUE}) and refusing, one call at a time, each taking ${SLOW_MS / 1_000} s; nothing was refused or lost`],
    }),
  ];
};

export const pressure: Scenario = { name: 'pressure', about: 'how long a webhook waits for its 202 while everything behind ingest is stuck', run };
