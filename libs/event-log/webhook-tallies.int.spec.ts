import { afterAll, beforeAll, expect, it } from 'vitest';
import { freshDatabase, type FreshDatabase } from '#testkit';
import { openDatabase, type Database } from './database.ts';
import { readClock } from './read-clock.ts';
import { migrate } from './run-migrations.ts';
import { addWebhookTallies, sumWebhookTallies } from './webhook-tallies.ts';

let server: FreshDatabase;
let db: Database;
beforeAll(async () => {
  server = await freshDatabase();
  await migrate(server.url);
  db = openDatabase({ url: server.url, applicationName: 'webhook-tallies-test' });
});
afterAll(async () => {
  await db.close();
  await server.drop();
});

const ACME = { partner: 'stripe', integration: 'acme' };

it('sums what several ingests added, of the last while alone', async () => {
  await addWebhookTallies(db, [{ ...ACME, good: 5, refused: 1, stale: 0, other: 2 }]);
  await addWebhookTallies(db, [{ ...ACME, good: 5, refused: 0, stale: 3, other: 0 }, { partner: 'github', integration: 'acme', good: 1, refused: 0, stale: 0, other: 0 }]);
  const sums = [{ partner: 'github', integration: 'acme', good: 1, refused: 0, stale: 0, other: 0 }, { ...ACME, good: 10, refused: 1, stale: 3, other: 2 }];
  expect(await sumWebhookTallies(db, 600)).toEqual(sums);
  await db.pool.query(`update webhook_minutes set minute = minute - interval '12 minutes' where partner = 'stripe'`);
  expect(await sumWebhookTallies(db, 600)).toEqual([sums[0]]);
  await db.pool.query(`update webhook_minutes set minute = minute - interval '25 hours'`);
  await addWebhookTallies(db, []);
  expect((await db.pool.query('select 1 from webhook_minutes')).rowCount).toBe(0);
});

it('tells what time it is for Postgres', async () => {
  const before = Date.now() - 1_000;
  const at = (await readClock(db)).getTime();
  expect(at > before && at < Date.now() + 1_000).toBe(true);
});
