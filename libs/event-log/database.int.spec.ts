import { afterAll, beforeAll, expect, it } from 'vitest';
import { sql } from 'kysely';
import { freshDatabase, type FreshDatabase } from '#testkit';
import { migrate, openDatabase, type Database } from './index.ts';

let server: FreshDatabase;
beforeAll(async () => {
  server = await freshDatabase();
  await migrate(server.url);
});
afterAll(() => server.drop());

it.each<[string, (db: Database) => Promise<unknown>]>([
  ['the pool alone', (db) => db.pool.query('select 1')],
  ['Kysely', (db) => sql`select 1`.execute(db.kysely)],
])('leaves no connection open once it is closed, after a use of %s', async (_what, use) => {
  const db = openDatabase({ url: server.url, applicationName: 'spec' });
  await use(db);
  await db.close();
  expect([db.pool.ended, db.pool.totalCount]).toEqual([true, 0]);
});
