import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase, scratchFolder, startTestNats, waitFor, type FreshDatabase, type TestNats } from '#testkit';
import { setFaults } from '../harness/effects.ts';
import { startHub, type Hub } from '../harness/hub.ts';
import { NATS_ACCESS } from '../harness/nats-access.ts';
import { HARNESS_MANIFEST, HARNESS_PARTNERS, startTraffic, stripeWebhook } from '../harness/traffic.ts';

/** Sends webhooks one after another and answers how long each took, in ms. */
const timesOf = async (hub: Hub, series: string, count: number): Promise<number[]> => {
  const times: number[] = [];
  for (let i = 0; i < count; i++) {
    const { body, headers } = stripeWebhook(`${series}-${i}`, Date.now());
    const started = performance.now();
    const answer = await fetch(`${hub.ingestUrl}/webhooks/stripe/acme`, { method: 'POST', body, headers });
    expect(answer.status).toBe(202);
    await answer.arrayBuffer();
    times.push(performance.now() - started);
  }
  return times.sort((a, b) => a - b);
};

describe('what is downstream of ingest', () => {
  let database: FreshDatabase;
  let nats: TestNats;
  let hub: Hub;
  let dir: string;

  beforeAll(async () => {
    [database, nats, dir] = await Promise.all([freshDatabase(), startTestNats({ config: NATS_ACCESS }), scratchFolder('fast')]);
    const env = { COMMANDS_PER_SUBJECT: '50', LOG_LEVEL: 'warn', CONNECTOR_BACKOFF_CAP_MS: '1000' };
    hub = await startHub({ databaseUrl: database.url, natsUrl: nats.url, manifest: HARNESS_MANIFEST.replaceAll('concurrency: 16', 'concurrency: 1'), partners: HARNESS_PARTNERS, dir, env });
  }, 120_000);
  afterAll(async () => {
    await hub?.stop();
    await nats?.stop();
    await database?.drop();
    await rm(dir, { recursive: true, force: true });
  }, 60_000);

  it('neither refuses nor holds up a webhook: with full queues, a slow partner and one call at a time', async () => {
    await timesOf(hub, 'warm', 100);
    await setFaults(hub.sandboxUrl, { latencyMs: 400 });
    const traffic = startTraffic(hub.ingestUrl, { connections: 4, most: 400 });
    await waitFor(() => traffic.accepted() === 400, { withinMs: 25_000 });
    await traffic.stop();
    // 400 webhooks against queues of 50 with one call in 400 ms: the queues are full for minutes.
    const times = await timesOf(hub, 'full', 200);
    // Not a measurement (bench/ has that): a webhook that waited for anything downstream would take seconds.
    expect(times[Math.floor(times.length * 0.99)]).toBeLessThan(400);
    expect([...traffic.statuses().keys()]).toEqual([202]);
  }, 60_000);

  it('does not have to exist: a webhook is accepted with relay, router, connectors and NATS gone', async () => {
    for (const room of ['relay', 'router', 'connector-stripe', 'connector-slack', 'projector']) await hub.rooms.get(room)!.kill();
    await nats.halt();
    expect(await timesOf(hub, 'alone', 20)).toHaveLength(20);
  });
});
