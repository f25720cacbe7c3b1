import { rm } from 'node:fs/promises';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { scratchFolder, startTestNats, startTestPostgres, waitFor, type TestNats, type TestPostgres } from '#testkit';
import { CHAOS_ENV, killRooms } from '../chaos/kill-rooms.ts';
import { seededRandom } from '../../apps/sandbox/seeded-random.ts';
import { setFaults, untilAllArrived } from '../harness/effects.ts';
import { startHub, type Hub } from '../harness/hub.ts';
import { NATS_ACCESS } from '../harness/nats-access.ts';
import { HARNESS_MANIFEST, HARNESS_PARTNERS, startTraffic, stripeWebhook } from '../harness/traffic.ts';

const NO_FAULTS = { failRate: 0, dropAfterEffect: 0 };

/** How many commands stand in which state, once none is under way. */
const settledStates = async (url: string): Promise<Record<string, number> | undefined> => {
  const client = new pg.Client(url);
  await client.connect();
  const { rows } = await client.query<{ state: string; count: number }>('select state, count(*)::int from commands group by state');
  await client.end();
  if (rows.some((row) => row.state === 'running' || row.state === 'waiting')) return undefined;
  return Object.fromEntries(rows.map((row) => [row.state, row.count]));
};

describe('the hub survives', () => {
  let postgres: TestPostgres;
  let nats: TestNats;
  let hub: Hub;
  let dir: string;

  beforeAll(async () => {
    [postgres, nats, dir] = await Promise.all([startTestPostgres(), startTestNats({ config: NATS_ACCESS }), scratchFolder('survive')]);
    hub = await startHub({ databaseUrl: postgres.url, natsUrl: nats.url, manifest: HARNESS_MANIFEST, partners: HARNESS_PARTNERS, dir, env: CHAOS_ENV, ownLogins: true });
  }, 120_000);
  afterAll(async () => {
    await hub?.stop();
    await Promise.all([nats?.stop(), postgres?.stop()]);
    await rm(dir, { recursive: true, force: true });
  }, 60_000);
  afterEach(async () => {
    await setFaults(hub.sandboxUrl, NO_FAULTS);
    await fetch(`${hub.sandboxUrl}/_sandbox/record`, { method: 'DELETE' });
  });

  it('the sudden death of each room under load: every accepted webhook has its effect once', async () => {
    const tally = await killRooms(hub, { kills: 8, random: seededRandom(20_261) });
    expect(tally.accepted).toBeGreaterThan(50);
    expect(tally).toMatchObject({ lost: 0, doubled: 0 });
    // A call that succeeded is never remembered as failed, whoever died around it.
    const states = await waitFor(() => settledStates(postgres.url), { withinMs: 60_000 });
    expect(states).toEqual({ succeeded: tally.accepted * HARNESS_PARTNERS.length });
  }, 180_000);

  it('the loss of the whole JetStream store under load, without anybody’s help', async () => {
    const traffic = startTraffic(hub.ingestUrl, { connections: 8, most: 100_000, pauseMs: 10 });
    await waitFor(() => traffic.accepted() > 100);
    await nats.loseStore();
    const before = traffic.accepted();
    // The log does not need the bus: webhooks are accepted meanwhile.
    await waitFor(() => traffic.accepted() > before + 100);
    await nats.resume();
    const resumed = traffic.accepted();
    await waitFor(() => traffic.accepted() > resumed + 100);
    await traffic.stop();
    expect([...traffic.statuses().keys()].every((status) => status === 202 || status === 200)).toBe(true);
    expect(await untilAllArrived(hub.sandboxUrl, HARNESS_PARTNERS, traffic.accepted())).toMatchObject({ lost: 0, doubled: 0 });
  }, 180_000);

  it('Postgres stopped for a while: 503 with Retry-After meanwhile, and everything recovers alone', async () => {
    const traffic = startTraffic(hub.ingestUrl, { connections: 8, most: 100_000, pauseMs: 10 });
    await waitFor(() => traffic.accepted() > 100);
    await postgres.halt();
    const post = async (): Promise<Response> => {
      const { body, headers } = stripeWebhook('during-the-outage', Date.now());
      return fetch(`${hub.ingestUrl}/webhooks/stripe/acme`, { method: 'POST', body, headers });
    };
    const refused = await waitFor(async () => {
      const answer = await post();
      return answer.status === 503 ? answer : undefined;
    });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await refused.json()).toMatchObject({ cause: 'log-unavailable', status: 503 });
    const stoppedAt = Date.now();
    await waitFor(() => Date.now() - stoppedAt > 10_000, { withinMs: 15_000 });
    await postgres.resume();
    const resumed = traffic.accepted();
    await waitFor(() => traffic.accepted() > resumed + 100, { withinMs: 30_000 });
    await traffic.stop();
    expect(traffic.statuses().get(503)).toBeGreaterThan(0);
    expect(await untilAllArrived(hub.sandboxUrl, HARNESS_PARTNERS, traffic.accepted())).toMatchObject({ lost: 0, doubled: 0 });
  }, 180_000);
});
