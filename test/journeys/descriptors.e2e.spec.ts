import { once } from 'node:events';
import { readFile, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freshDatabase, scratchFolder, startTestNats, waitFor, type TestNats } from '#testkit';
import { CHAOS_ENV } from '../chaos/kill-rooms.ts';
import { setFaults, untilAllArrived } from '../harness/effects.ts';
import { startHub, type Hub } from '../harness/hub.ts';
import { HARNESS_MANIFEST, HARNESS_PARTNERS, startTraffic, type Traffic } from '../harness/traffic.ts';

/** Node itself needs about 25. */
const FILES = { ingest: 80, console: 80, 'connector-slack': 38 };

let database: Awaited<ReturnType<typeof freshDatabase>>;
let nats: TestNats;
let hub: Hub;
let dir: string;
let traffic: Traffic;
const sockets: Socket[] = [];

beforeAll(async () => {
  [database, nats, dir] = await Promise.all([freshDatabase(), startTestNats(), scratchFolder('descriptors')]);
  hub = await startHub({ databaseUrl: database.url, natsUrl: nats.url, manifest: HARNESS_MANIFEST, partners: HARNESS_PARTNERS, dir, env: CHAOS_ENV, files: FILES });
  traffic = startTraffic(hub.ingestUrl, { connections: 16, most: 100_000 });
  await waitFor(() => traffic.accepted() > 20);
}, 180_000);
afterAll(async () => {
  sockets.forEach((socket) => socket.destroy());
  // Not waited for: after a failure its last webhooks may never be accepted, and the rooms must not be left behind.
  void traffic?.stop();
  await hub?.stop();
  await Promise.all([nats?.stop(), database?.drop()]);
  await rm(dir, { recursive: true, force: true });
}, 60_000);

const log = (room: string): Promise<string> => readFile(hub.logFile(room), 'utf8');
/** Opens more connections than a room may have files, and leaves them open for as long as the room does. */
const crowd = async (url: string): Promise<void> => {
  const { hostname, port } = new URL(url);
  const opened = Array.from({ length: 200 }, () => connect(Number(port), hostname).on('error', () => undefined));
  sockets.push(...opened);
  await Promise.all(opened.map((socket) => Promise.race([once(socket, 'connect'), once(socket, 'close')])));
};
/** Seconds of a processor that a process has used (Linux counts in hundredths). */
const cpuS = async (pid: number): Promise<number> => {
  const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
};
const states = async (): Promise<Record<string, number> | undefined> => {
  const client = new pg.Client(database.url);
  await client.connect();
  const { rows } = await client.query<{ state: string; count: number }>('select state, count(*)::int from commands group by state');
  await client.end();
  if (rows.some((row) => row.state === 'running' || row.state === 'waiting')) return undefined;
  return Object.fromEntries(rows.map((row) => [row.state, row.count]));
};

it('loses nothing while rooms have no file descriptor left, says so, and recovers by itself', async ({ skip }) => {
  skip(process.platform !== 'linux', 'reads /proc');
  const rooms = ['ingest', 'console'] as const;
  const pids = [...hub.rooms.values()].map((room) => room.pid());

  // Callers: those that are there already are served on, more are closed at once.
  await crowd(hub.ingestUrl);
  await crowd(hub.consoleUrl);
  for (const room of rooms) await waitFor(async () => /closed at once.*LimitNOFILE/.test(await log(room)), { what: `${room} to say what is wrong` });
  const accepted = traffic.accepted();
  await waitFor(() => traffic.accepted() > accepted + 50, { what: 'webhooks on connections that were there' });
  const console_ = hub.rooms.get('console')!.pid();
  const [used, since] = [await cpuS(console_), performance.now()];
  await waitFor(() => performance.now() - since > 1_500);
  expect((await cpuS(console_)) - used).toBeLessThan(0.75);

  // A connector whose calls need more connections than it may open: the partner is slow now.
  await setFaults(hub.sandboxUrl, { partner: 'slack', latencyMs: 300 });
  await waitFor(async () => /No file or connection can be opened any more.*LimitNOFILE/.test(await log('connector-slack')), { what: 'the connector to say what is wrong' });
  await setFaults(hub.sandboxUrl, { partner: 'slack', latencyMs: 0 });

  sockets.forEach((socket) => socket.destroy());
  await waitFor(async () => (await fetch(`${hub.consoleUrl}/health/ready`)).ok, { what: 'the console' });
  expect((await fetch(`${hub.ingestUrl}/health/ready`)).ok).toBe(true);
  await traffic.stop();
  expect(await untilAllArrived(hub.sandboxUrl, HARNESS_PARTNERS, traffic.accepted())).toMatchObject({ lost: 0, doubled: 0 });
  expect(await waitFor(states, { withinMs: 30_000 })).toEqual({ succeeded: traffic.accepted() * HARNESS_PARTNERS.length });
  expect([...hub.rooms.values()].map((room) => room.pid())).toEqual(pids);
  expect([...hub.rooms.values()].every((room) => room.running())).toBe(true);
}, 180_000);
