import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { newCorrelationId, type Acting } from '#contract';
import { migrate, openDatabase, type Database } from '#event-log';
import { freshDatabase, startTestPostgres, TEST_MASTER_KEYS, waitFor, type FreshDatabase, type TestPostgres } from '#testkit';
import { openMasterKeys } from '../master-keys.ts';
import { migrateVault } from '../migrate-vault.ts';
import { erasePerson } from './erase-person.ts';
import { openPeople, type People } from './open-people.ts';

/** A cluster of its own: what other tests have open would be waited for, too. */
let cluster: TestPostgres;
let server: FreshDatabase;
let other: FreshDatabase;
let db: Database;
let people: People;
let owner: pg.Client;

beforeAll(async () => {
  cluster = await startTestPostgres({ durable: false });
  [server, other] = [await freshDatabase(cluster.url), await freshDatabase(cluster.url)];
  await migrate(server.url);
  await migrateVault(server.url);
  db = openDatabase({ url: server.url, applicationName: 'erase-test', max: 4 });
  people = openPeople(db, openMasterKeys(TEST_MASTER_KEYS));
  owner = await connected(server.url);
}, 60_000);
afterAll(async () => {
  await people.close();
  await db.close();
  await owner.end();
  await cluster.stop();
}, 60_000);

const connected = async (url: string): Promise<pg.Client> => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client;
};

const BY: Acting = { who: { kind: 'local', id: 'ana', name: 'ana', tenant: undefined, scopes: ['admin'] }, from: 'here' };

/** Somebody with a key. */
const somebody = async (): Promise<string> => {
  const event = {
    id: randomUUID(), type: 'inbound.x', partner: 'stripe', integration: 'acme', tenant: 'default', correlationId: newCorrelationId(), occurredAt: '2026-01-01T00:00:00Z',
    schemaVersion: 1, contentType: 'application/json', data: Buffer.from('{}'), headers: {},
  };
  return (await people.sealEvent(event, [{ kind: 'email', value: `${event.id}@example.com` }])).headers['trunkline-sealed']!.slice(3);
};

/** Tells whether a person's key is in the table's file. */
const watchKey = async (subject: string): Promise<() => Promise<boolean>> => {
  const key = (await owner.query<{ key: Buffer }>('select key from people.subjects where id = $1', [subject])).rows[0]!.key;
  return async () => {
    await owner.query('checkpoint');
    const { rows } = await owner.query<{ file: Buffer }>(`select pg_read_binary_file(pg_relation_filepath('people.subjects')) as file`);
    return rows[0]!.file.includes(key.subarray(20, 40));
  };
};

/** An older transaction that is there until it is told to end. */
const transaction = async (url: () => string, ...statements: string[]): Promise<() => Promise<void>> => {
  const client = await connected(url());
  onTestFinished(() => client.end());
  for (const statement of statements) await client.query(statement);
  return async () => void (await client.query('commit'));
};

const WRITER = ['begin', 'select pg_current_xact_id()'];
const OLDER = [
  ['a writer in this database', () => server.url, WRITER],
  ['a writer in another database', () => other.url, WRITER],
  ['a reader in this database', () => server.url, ['begin isolation level repeatable read', 'select from events limit 1']],
] as const;

/** Resolves when it was asked twice whether somebody still sees the key: after the first answer there is a wait. */
const untilItWaits = async (): Promise<void> => {
  const asked = new Set<string>();
  const look = async (): Promise<boolean> => {
    const { rows } = await owner.query<{ at: string }>(`select query_start::text as at from pg_stat_activity where application_name = 'erase-test' and query like '%pg_snapshot_xmin%as seen%'`);
    for (const { at } of rows) asked.add(at);
    return asked.size > 1;
  };
  await waitFor(look, { what: 'the erasure to wait' });
};

it.each(OLDER)('waits for %s that began before it, and removes the key from the file then', async (_who, url, statements) => {
  const subject = await somebody();
  const isKept = await watchKey(subject);
  const end = await transaction(url, ...statements);
  let isDone = false;
  const erasing = erasePerson(db, subject, BY, 60_000).finally(() => (isDone = true));
  await untilItWaits();
  expect([isDone, await isKept()]).toEqual([false, true]);
  await end();
  expect(await erasing).toMatchObject({ subject, scoured: true });
  expect(await isKept()).toBe(false);
});

it.each(OLDER)('says that bytes may be left when it cannot wait any longer for %s, until the owner writes the tables anew', async (_who, url, statements) => {
  const subject = await somebody();
  const isKept = await watchKey(subject);
  const end = await transaction(url, ...statements);
  expect(await erasePerson(db, subject, BY, 0)).toMatchObject({ subject, scoured: false });
  expect(await isKept()).toBe(true);
  await end();
  await owner.query('vacuum (full) people.subjects, people.subject_identifiers');
  expect(await isKept()).toBe(false);
});
