import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { cacheFolder, findNatsServer, NATS_SOURCES, startNats, startPostgres } from '#embedded';
import { openDatabase, type Database } from '#event-log';
import { setFaults, untilAllArrived } from '../harness/effects.ts';
import { startHub, type Hub } from '../harness/hub.ts';
import { NATS_ACCESS } from '../harness/nats-access.ts';
import { HARNESS_MANIFEST, HARNESS_PARTNERS } from '../harness/traffic.ts';
import { judgeMemory, type MemoryVerdict } from './judge-memory.ts';
import type { SoakOptions } from './read-options.ts';
import { startSteadyLoad } from './steady-load.ts';
import { createSampler, type Sample } from './take-sample.ts';
import { HEADING, LEGEND, memoryLines, sampleLine } from './write-lines.ts';

/** The result as data, for `--json`. */
export type SoakResult = { ok: boolean; seconds: number; accepted: number; lost: number; doubled: number; late: number; memory: MemoryVerdict[]; samples: Sample[] };

type Needs = { options: SoakOptions; env: NodeJS.ProcessEnv; say(line: string): void; stop: AbortSignal };

/** Few enough not to move p99, and enough that retries, keys and look-ups are part of what must not leak. */
const FAULTS = { failRate: 0.003, dropAfterEffect: 0.002 };

/** The sandbox remembers every effect, because it is the judge of them; it ships to nobody. */
const NOT_JUDGED = 'sandbox';

/**
 * The heap that a small container would give. With all of the machine's memory to fill, V8 puts full collections off for
 * minutes, and what looks like growth is rubbish: a room went from 170 to 310 MB and back, twice in ten minutes.
 */
const HEAP = '--max-old-space-size=128 --max-semi-space-size=8';

const ROOM_SETTINGS = { NODE_OPTIONS: HEAP, LOG_LEVEL: 'error', CONNECTOR_BACKOFF_BASE_MS: '200', CONNECTOR_BACKOFF_CAP_MS: '5000' };

const startServers = async (dir: string, env: NodeJS.ProcessEnv, say: Needs['say']) => {
  say('starting Postgres');
  const postgres = await startPostgres({ dir: join(dir, 'postgres') });
  try {
    const source = NATS_SOURCES.find((name) => name === env['TRUNKLINE_NATS_SOURCE']);
    const server = await findNatsServer({ source, cacheDir: cacheFolder(env), path: env['PATH'], onProgress: say });
    say(`starting NATS (nats-server ${server.version})`);
    const nats = await startNats({ dir: join(dir, 'nats'), server, config: NATS_ACCESS });
    return { postgres, nats, stop: async () => void (await Promise.all([nats.stop(), postgres.stop()])) };
  } catch (error) {
    await postgres.stop();
    throw error;
  }
};

/** Samples at even intervals until the time is over. */
const watch = async (needs: Needs, take: () => Promise<Sample>): Promise<Sample[]> => {
  const { options, say, stop } = needs;
  const [samples, startedMs]: [Sample[], number] = [[], Date.now()];
  const count = Math.floor((options.minutes * 60) / options.everyS);
  while (samples.length < count) {
    const dueMs = startedMs + (samples.length + 1) * options.everyS * 1_000;
    await pause(Math.max(0, dueMs - Date.now()), undefined, { signal: stop }).catch(() => stop.throwIfAborted());
    const sample = await take();
    if (samples.length === 0) say(HEADING);
    samples.push(sample);
    say(sampleLine(sample));
  }
  return samples;
};

const memoryOf = (samples: Sample[]): MemoryVerdict[] => {
  const rooms = Object.keys(samples[0]?.rss ?? {}).filter((name) => name !== NOT_JUDGED);
  return judgeMemory(new Map(rooms.map((room) => [room, samples.map(({ rss }) => rss[room]!)])));
};

const soak = async (needs: Needs, hub: Hub, database: Database): Promise<SoakResult> => {
  const { options, say } = needs;
  await setFaults(hub.sandboxUrl, FAULTS);
  const load = startSteadyLoad({ ingestUrl: hub.ingestUrl, perSecond: options.perSecond });
  const startedMs = Date.now();
  say(`${options.perSecond} webhooks per second for ${options.minutes} min; a sample every ${options.everyS} s.\n${LEGEND}\n`);
  let samples: Sample[];
  let late: number;
  try {
    samples = await watch(needs, createSampler({ hub, load, database, perSecond: options.perSecond }, Date.now));
    late = load.late();
  } finally {
    await load.stop();
  }
  const accepted = load.accepted();
  say(`\nwaiting for the last effects of ${accepted} webhooks`);
  const { lost, doubled } = await untilAllArrived(hub.sandboxUrl, HARNESS_PARTNERS, accepted);
  const memory = memoryOf(samples);
  const ok = lost + doubled === 0 && memory.every(({ flat }) => flat) && accepted > 0;
  return { ok, seconds: (Date.now() - startedMs) / 1000, accepted, lost, doubled, late, memory, samples };
};

const report = (result: SoakResult, { options, say }: Needs): void => {
  say(memoryLines(result.memory));
  if (result.late > options.perSecond) say(`The load was less than asked for: ${result.late} webhooks were not sent in time.`);
  say(`\n${result.accepted} accepted, ${result.lost} lost, ${result.doubled} doubled; memory ${result.memory.every(({ flat }) => flat) ? 'stayed flat' : 'GREW'}.`);
};

const inFolder = async (needs: Needs, dir: string): Promise<SoakResult> => {
  const { env, say, stop } = needs;
  const servers = await startServers(dir, env, say);
  try {
    stop.throwIfAborted();
    say('starting every room as a process of its own');
    const hub = await startHub({ databaseUrl: servers.postgres.url, natsUrl: servers.nats.url, manifest: HARNESS_MANIFEST, partners: HARNESS_PARTNERS, dir, env: ROOM_SETTINGS });
    const database = openDatabase({ url: servers.postgres.url, applicationName: 'trunkline-soak', max: 1 });
    try {
      return await soak(needs, hub, database);
    } finally {
      await database.close();
      await hub.stop();
    }
  } finally {
    await servers.stop();
  }
};

/**
 * The whole run: servers, rooms as processes, steady load, samples, and the verdict. Stops everything that it started, also when it
 * fails or is asked to stop; it then rejects with the reason. The rooms' logs stay when something was wrong.
 */
export const runSoak = async (needs: Needs): Promise<SoakResult> => {
  const dir = await mkdtemp(join(tmpdir(), 'trunkline-soak-'));
  await chmod(dir, 0o755);
  let keep = true;
  try {
    const result = await inFolder(needs, dir);
    report(result, needs);
    keep = !result.ok;
    return result;
  } finally {
    if (keep && !needs.stop.aborted) needs.say(`The rooms' logs are in ${dir}`);
    else await rm(dir, { recursive: true, force: true });
  }
};
