import type { Database } from '#event-log';
import { readRecord } from '../harness/effects.ts';
import type { Hub } from '../harness/hub.ts';
import { HARNESS_PARTNERS } from '../harness/traffic.ts';
import { effectLatency } from './effect-latency.ts';
import { percentile } from './percentile.ts';
import { readRss } from './read-rss.ts';
import type { SteadyLoad } from './steady-load.ts';

/** In ms. */
export type Latency = { p50: number; p99: number };

/** How the hub was doing at one moment; latencies in ms are those of the time since the sample before. What could not be measured in time is not there. */
export type Sample = {
  atS: number;
  perSecond: number;
  /** Webhooks that were sent late. */
  late: number;
  /** Effects that accepted webhooks have yet to have. */
  backlog?: number;
  /** The age of the oldest event that the relay or a projection has not taken. */
  lagS?: number;
  answer?: Latency;
  effect?: Latency;
  /** By process, in MB (10⁶ bytes). */
  rss: Record<string, number>;
};

type Needs = { hub: Hub; load: SteadyLoad; database: Database; perSecond: number };

const rssOf = async ({ rooms }: Hub): Promise<Record<string, number>> => {
  const sizes = await Promise.all(
    [...rooms.values()].map(async (room) => {
      const bytes = room.running() ? await readRss(room.pid()) : undefined;
      if (bytes === undefined) throw new Error(`${room.name} has ended in the middle of the run.`);
      return [room.name, bytes / 1e6] as const;
    }),
  );
  return Object.fromEntries(sizes);
};

const lagOf = async ({ consoleUrl, consoleKey }: Hub): Promise<number> => {
  const { parts } = (await (await fetch(`${consoleUrl}/v1/health`, { headers: { authorization: `Bearer ${consoleKey}` } })).json()) as { parts: { behindS?: number }[] };
  return Math.max(0, ...parts.map(({ behindS }) => behindS ?? 0));
};

const backlogOf = async ({ sandboxUrl }: Hub, accepted: number): Promise<number> => {
  const record = await readRecord(sandboxUrl);
  return HARNESS_PARTNERS.reduce((sum, name) => sum + Math.max(0, accepted - record[name]!.references), 0);
};

/** A machine that is busy with other things may leave a question unanswered; the run goes on, and its verdict needs no such figure. */
const ifAnswered = <T>(figure: Promise<T>): Promise<T | undefined> => figure.catch(() => undefined);

const latencyIn = (values: readonly number[]): Latency | undefined => {
  const [p50, p99] = [percentile(values, 0.5), percentile(values, 0.99)];
  return p50 === undefined || p99 === undefined ? undefined : { p50, p99 };
};

/** Takes samples, each since the one before. Rejects when a room is no longer there. */
export const createSampler = ({ hub, load, database, perSecond }: Needs, now: () => number) => {
  const startedMs = now();
  let [lastMs, lastAccepted] = [startedMs, 0];
  return async (): Promise<Sample> => {
    const [atMs, accepted, answers] = [now(), load.accepted(), load.takeLatencies()];
    const windowS = (atMs - lastMs) / 1000;
    const sinceLast = (accepted - lastAccepted) / windowS;
    [lastMs, lastAccepted] = [atMs, accepted];
    const most = Math.ceil(perSecond * windowS * 5) + 1_000;
    const [backlog, lagS, effect, rss] = await Promise.all([ifAnswered(backlogOf(hub, accepted)), ifAnswered(lagOf(hub)), ifAnswered(effectLatency(database, windowS, most)), rssOf(hub)]);
    return { atS: (atMs - startedMs) / 1000, perSecond: sinceLast, late: load.late(), backlog, lagS, answer: latencyIn(answers), effect, rss };
  };
};
