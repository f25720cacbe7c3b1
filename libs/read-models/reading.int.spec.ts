import { openDatabase } from '#event-log';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { reading } from './reading.ts';
import { seededLog, type SeededLog } from './test/seeded-log.ts';

let seeded: SeededLog;
beforeAll(async () => {
  seeded = await seededLog();
});
afterAll(() => seeded.end());

it('says that an answer took too long', async () => {
  const impatient = openDatabase({ url: seeded.url, applicationName: 'impatient', timeoutMs: 50 });
  await expect(reading(impatient, (tables) => sql`select pg_sleep(5)`.execute(tables))).rejects.toMatchObject({ code: 'query-too-slow' });
  await impatient.close();
});

it('says that the database is away', async () => {
  const nowhere = openDatabase({ url: 'postgres://nobody@127.0.0.1:1/none', applicationName: 'lost' });
  await expect(reading(nowhere, (tables) => sql`select 1`.execute(tables))).rejects.toMatchObject({ code: 'log-unavailable' });
  await nowhere.close();
});

it('lets a mistake in a query be seen as what it is', async () => {
  await expect(reading(seeded.db, (tables) => sql`select nonsense`.execute(tables))).rejects.toMatchObject({ code: '42703' });
});

it('cannot change what is on record', async () => {
  await expect(reading(seeded.db, (tables) => sql`delete from events`.execute(tables))).rejects.toMatchObject({ code: 'migration-missing', cause: { code: '42501' } });
});
