import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freshDatabase, scratchFolder, startTestNats, waitFor, type TestNats } from '#testkit';
import { CHAOS_ENV } from '../chaos/kill-rooms.ts';
import { readRecord, setFaults, untilAllArrived } from '../harness/effects.ts';
import { startHub, type Hub } from '../harness/hub.ts';
import { PROJECT_ROOT } from '../harness/project-root.ts';
import { HARNESS_MANIFEST, HARNESS_PARTNERS, startTraffic, type Traffic } from '../harness/traffic.ts';

const HOUR_MS = 3_600_000;
const BEHIND_INGEST = ['relay', 'router', 'connector', 'projector', 'scheduler', 'console'];

let database: Awaited<ReturnType<typeof freshDatabase>>;
let nats: TestNats;
let hub: Hub;
let dir: string;
let traffic: Traffic;

const clockFile = (): string => join(dir, 'clocks.json');
/** Sets the clocks of these rooms that far from the true time; all others go right. */
const shift = async (rooms: string[], ms: number): Promise<void> => {
  await writeFile(`${clockFile()}.new`, JSON.stringify(Object.fromEntries(rooms.map((room) => [room, ms]))));
  await rename(`${clockFile()}.new`, clockFile());
};

beforeAll(async () => {
  [database, nats, dir] = await Promise.all([freshDatabase(), startTestNats(), scratchFolder('clocks')]);
  await shift([], 0);
  const preload = pathToFileURL(join(PROJECT_ROOT, 'test/harness/shifted-clock.ts')).href;
  const env = { ...CHAOS_ENV, NODE_OPTIONS: `--import ${preload}`, SHIFTED_CLOCK: clockFile() };
  hub = await startHub({ databaseUrl: database.url, natsUrl: nats.url, manifest: HARNESS_MANIFEST, partners: HARNESS_PARTNERS, dir, env });
  traffic = startTraffic(hub.ingestUrl, { connections: 4, most: 100_000, pauseMs: 20 });
  await waitFor(() => traffic.accepted() > 20);
}, 180_000);
afterAll(async () => {
  // Not waited for: after a failure its last webhooks may never be accepted, and the rooms must not be left behind.
  void traffic?.stop();
  await hub?.stop();
  await Promise.all([nats?.stop(), database?.drop()]);
  await rm(dir, { recursive: true, force: true });
}, 60_000);

const effects = async (): Promise<number> => Object.values(await readRecord(hub.sandboxUrl)).reduce((sum, one) => sum + one.effects, 0);
/** Work goes on as it should, at this very moment. */
const untilMoreWorks = async (): Promise<void> => {
  const [accepted, done] = [traffic.accepted(), await effects()];
  await waitFor(async () => traffic.accepted() > accepted + 40 && (await effects()) > done + 80, { what: 'more effects', withinMs: 15_000 });
};
const states = async (): Promise<Record<string, number> | undefined> => {
  const client = new pg.Client(database.url);
  await client.connect();
  const { rows } = await client.query<{ state: string; count: number }>('select state, count(*)::int from commands group by state');
  await client.end();
  if (rows.some((row) => row.state === 'running' || row.state === 'waiting')) return undefined;
  return Object.fromEntries(rows.map((row) => [row.state, row.count]));
};
const refusals = async (): Promise<string> => (await fetch(`${hub.ingestUrl}/refusals`)).text();

it('loses nothing, doubles nothing, holds nothing up while the clocks of its rooms jump by hours and days', async () => {
  await setFaults(hub.sandboxUrl, { failRate: 0.3, status: 503 });
  // Past every deadline, which is a day; then back by days; then back to the truth.
  for (const hours of [26, -72, 0]) {
    await shift(BEHIND_INGEST, hours * HOUR_MS);
    await untilMoreWorks();
  }
  await setFaults(hub.sandboxUrl, { failRate: 0 });

  // How far the relay goes back after a loss must not depend on what it takes for now.
  await shift(['relay'], 48 * HOUR_MS);
  await nats.loseStore();
  const before = traffic.accepted();
  await waitFor(() => traffic.accepted() > before + 20);
  await nats.resume();
  await untilMoreWorks();

  // Ingest cannot judge a signed time without a right clock: it refuses, says why, and partners send again.
  await shift(['ingest'], 2 * HOUR_MS);
  await waitFor(() => (traffic.statuses().get(401) ?? 0) > 10);
  expect(await refusals()).toContain('stale-timestamp');
  const metrics = await (await fetch(`${hub.ingestUrl}/metrics`)).text();
  // What the alert for clock skew looks at.
  expect(metrics).toMatch(/trunkline_ingest_webhooks_total\{[^}]*outcome="stale-timestamp"[^}]*\} [1-9]/);
  await shift(['ingest'], -2 * HOUR_MS);
  const refused = traffic.statuses().get(401)!;
  await waitFor(() => traffic.statuses().get(401)! > refused + 10);
  await shift([], 0);
  await untilMoreWorks();

  await traffic.stop();
  expect(await untilAllArrived(hub.sandboxUrl, HARNESS_PARTNERS, traffic.accepted())).toMatchObject({ lost: 0, doubled: 0 });
  expect(await waitFor(states, { withinMs: 30_000 })).toEqual({ succeeded: traffic.accepted() * HARNESS_PARTNERS.length });
}, 180_000);
