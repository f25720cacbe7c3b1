import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadConfig, type Room } from '#boot';
import { migrate, openDatabase, type Database } from '#event-log';
import { migrateReadModels } from '#read-models';
import { freshDatabase, openListener, waitFor, type FreshDatabase, type Listener } from '#testkit';
import { migrateVault } from '#vault';
import { raiseWalls } from '#walls';
import { notifierConfig } from './notifier.config.ts';
import { startNotifier } from './notifier.start.ts';

let server: FreshDatabase;
let db: Database;
let listener: Listener;
beforeAll(async () => {
  [server, listener] = await Promise.all([freshDatabase(), openListener()]);
  await migrate(server.url);
  await migrateReadModels(server.url);
  await migrateVault(server.url);
  await raiseWalls(server.url);
  db = openDatabase({ url: server.url, applicationName: 'notifier-test' });
});
afterAll(async () => {
  await db.close();
  await Promise.all([server.drop(), listener.stop()]);
});

const start = async (env: Record<string, string>): Promise<Room & { url: string }> => {
  // Nobody listens there: the notifier starts without NATS, too.
  const given = { DATABASE_URL: server.url, NATS_URL: 'nats://127.0.0.1:9', NOTIFIER_HEALTH_PORT: '0', NOTIFY_EVERY_MS: '100', LOG_LEVEL: 'silent', ...env };
  return (await startNotifier(loadConfig(notifierConfig, given), {})) as Room & { url: string };
};
const ready = async ({ url }: { url: string }) => (await fetch(`${url}/health/ready`)).status;

it('idles without a channel, and is ready', async () => {
  const room = await start({});
  expect(await ready(room)).toBe(200);
  await room.stop();
});

it('tells by itself, counts it, and is not ready while a channel does not take it', async () => {
  listener.answer({ status: 500 });
  await db.pool.query(`insert into account_minutes values ('slack', 'ops', date_trunc('minute', now()), 6, 6, 0, 0, 6)`);
  const room = await start({ NOTIFY_SLACK_URL: `${listener.url}/services/x` });
  await waitFor(async () => (await ready(room)) === 503, { what: 'the notifier to say that it cannot tell' });
  const answer = (await (await fetch(`${room.url}/health/ready`)).json()) as { detail: string };
  expect(answer.detail).toBe('Not ready: slack.');
  listener.answer({ status: 200, body: 'ok' });
  await waitFor(async () => (await ready(room)) === 200, { what: 'the notifier to have told' });
  const metrics = await (await fetch(`${room.url}/metrics`)).text();
  expect(metrics).toMatch(/trunkline_notifier_notices_total\{condition="TrunklineDeadLetters",channel="slack",outcome="sent"[^}]*\} 1/);
  expect(JSON.parse(listener.heard.at(-1)!.body).text).toContain('slack/ops: 6 dead letters in fifteen minutes');
  await room.stop();
});

it('does not start with a channel that is half configured', async () => {
  await expect(start({ NOTIFY_SMTP_URL: 'smtp://mail.example.com' })).rejects.toThrow('NOTIFY_EMAIL_FROM and NOTIFY_EMAIL_TO must be set');
});
