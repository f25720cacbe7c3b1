import { setTimeout as pause } from 'node:timers/promises';
import { fullOrQuick, stopLater, type Bench, type Scenario } from '../bench.ts';
import { startBenchHub, type BenchHub } from '../bench-hub.ts';
import { startChild, type Child } from '../child.ts';
import { untilQuiet } from '../cpu-bill.ts';
import { spread, type Figure } from '../figures.ts';
import type { TripOrder, TripReport } from '../load/round-trips.ts';
import { residentMB } from '../processes.ts';

const CONNECTIONS = 64;
const BODY_BYTES = 1_000;
const UNDER_WAY = 1_000;
/** Sent in portions: a portion is made in memory, and its signatures grow old. */
const PORTION = 10_000;
const PORTION_WITHIN_MS = 120_000;

const sendPortion = async (partner: Child, url: string, first: number): Promise<void> => {
  const order: TripOrder = { url, connections: CONNECTIONS, series: `${process.pid}m`, first, count: PORTION, bodyBytes: BODY_BYTES, warmMs: 0, forMs: PORTION_WITHIN_MS, underWay: UNDER_WAY };
  await partner.ask(order);
  const { received, doubled } = await partner.ask<TripReport>('go', 2 * PORTION_WITHIN_MS);
  if (received !== PORTION || doubled > 0) throw new Error(`Of ${PORTION} webhooks ${received} led to a call, and ${doubled} to a second one.`);
};

const measure = ({ parties }: BenchHub): Record<string, number> =>
  Object.fromEntries(Object.entries(parties()).filter(([name]) => name !== 'postgres').flatMap(([name, pid]) => residentMB(pid) === undefined ? [] : [[name, residentMB(pid)!]]));

const run = async (bench: Bench): Promise<Figure[]> => {
  const partner = stopLater(bench, await startChild(new URL('../load/round-trips.js', import.meta.url)));
  const house = await startBenchHub(bench, partner.url);
  await pause(fullOrQuick(bench, 10_000, 2_000));
  const idle = measure(house);
  if (Object.keys(idle).length === 0) bench.say('resident memory cannot be read on this system');
  const events = fullOrQuick(bench, 100_000, 10_000);
  for (let sent = 0; sent < events; sent += PORTION) {
    await sendPortion(partner, house.hub.ingestUrl, sent);
    bench.say(`${(sent + PORTION).toLocaleString('en-US')} of ${events.toLocaleString('en-US')} events went through`);
  }
  await untilQuiet(house.parties());
  await pause(fullOrQuick(bench, 10_000, 2_000));
  const after = measure(house);
  const name = (room: string): string => `${room}, after ${events.toLocaleString('en-US')} events`;
  return Object.entries(idle).map(([room, mb]) => ({ name: name(room), unit: 'MB', ours: spread([after[room]!]), against: { ...spread([mb]), name: 'idle' } }));
};

export const memory: Scenario = { name: 'memory', about: 'resident size of each room', run };
