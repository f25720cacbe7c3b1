import { randomUUID } from 'node:crypto';
import { readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { newCorrelationId, type NewEvent } from '#contract';
import { migrate, openDatabase, openEventLog, readAudit, type Database } from '#event-log';
import { migrateReadModels, PROJECTIONS, projectChunk } from '#read-models';
import { freshDatabase, scratchFolder, TEST_MASTER_KEYS, waitFor, type FreshDatabase } from '#testkit';
import { migrateVault, openMasterKeys, openPeople } from '#vault';
import { raiseWalls } from '#walls';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCli } from './run-cli.ts';

let database: FreshDatabase;
let db: Database;
let folder: string;
let operatorUrl: string;

const run = async (...argv: string[]) => {
  const [out, err]: string[][] = [[], []];
  const env = { DATABASE_URL: operatorUrl, MASTER_KEYS: TEST_MASTER_KEYS };
  const code = await runCli({ env, print: (line) => out!.push(line), printError: (line) => err!.push(line), readSecret: async () => '+49 30 123 45 67' })(argv);
  return { code, out: out!.join('\n'), err: err!.join('\n') };
};

/** A login that can be nothing but this room. */
const loginAs = async (role: string): Promise<string> => {
  const url = new URL(database.url);
  const login = `${url.pathname.slice(1)}_login`;
  const owner = new pg.Client({ connectionString: database.url });
  await owner.connect();
  await owner.query(`create role ${login} login password 'spec' in role ${role}`);
  await owner.end();
  return Object.assign(url, { username: login, password: 'spec' }).href;
};

beforeAll(async () => {
  [database, folder] = await Promise.all([freshDatabase(), scratchFolder('people-cli')]);
  await migrate(database.url);
  await migrateReadModels(database.url);
  await migrateVault(database.url);
  await raiseWalls(database.url);
  operatorUrl = await loginAs('trunkline_operator');
  db = openDatabase({ url: database.url, applicationName: 'people-cli-test' });
  const people = openPeople(db, openMasterKeys(TEST_MASTER_KEYS));
  const log = openEventLog(db);
  const event: NewEvent = {
    id: randomUUID(), type: 'inbound.x', partner: 'generic', integration: 'shop', tenant: 'default', correlationId: newCorrelationId(), occurredAt: '2026-01-01T00:00:00Z',
    schemaVersion: 1, contentType: 'text/plain', data: Buffer.from('Ada was here'), headers: {},
  };
  await log.append(await people.sealEvent(event, [{ kind: 'phone', value: '+49 30 1234567' }]));
  log.close();
  await people.close();
  await waitFor(async () => (await db.pool.query('select 1 from events where tx >= pg_snapshot_xmin(pg_current_snapshot()) limit 1')).rowCount === 0, { what: 'the log to be readable' });
  for (const projection of PROJECTIONS) while ((await projectChunk(db, projection, 500)) > 0);
});
afterAll(async () => {
  await db.close();
  await Promise.all([database.drop(), rm(folder, { recursive: true })]);
});

it('finds, exports and erases a person, and leaves on the audit trail who did so, and nothing about the person', async () => {
  const phone = ['--kind', 'phone', '--value', '0049 30 1234567'];
  const file = join(folder, 'export.json');
  expect(await run('people', 'find', ...phone)).toMatchObject({ code: 0, out: expect.stringContaining('found by phone  1 events and reports') });
  expect((await run('people', 'export', ...phone, '--to', file)).code).toBe(0);
  expect(JSON.parse(await readFile(file, 'utf8')).events).toMatchObject([{ body: 'Ada was here', encoding: 'text' }]);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect((await run('people', 'find', '--kind', 'phone', '--value', '-')).code).toBe(0);
  const { subject, scoured } = JSON.parse((await run('people', 'erase', ...phone, '--json')).out);
  expect(scoured).toBe(true);
  expect(await run('people', 'find', ...phone)).toMatchObject({ code: 1, err: expect.stringContaining('Nobody is known by this') });
  expect(await run('people', 'find', '--subject', subject)).toMatchObject({ code: 0, out: expect.stringContaining('erased 20') });
  expect(await run('people', 'suppress', ...phone)).toMatchObject({ code: 0, out: expect.stringContaining('Nothing is sent') });
  expect(await run('people', 'allow', ...phone)).toMatchObject({ code: 0, out: expect.stringContaining('go out') });
  const records = await readAudit(db);
  expect(records.map(({ act }) => act)).toEqual(['export-person', 'erase-person', 'suppress', 'allow']);
  expect(JSON.stringify(records)).not.toMatch(/1234567|Ada/);
});

it('says what is missing', async () => {
  expect(await run('people', 'find')).toMatchObject({ code: 1, err: expect.stringContaining('Say who') });
  expect(await run('people', 'find', '--kind', 'customer', '--value', 'cus_1')).toMatchObject({ code: 1, err: expect.stringContaining('name it too, as <partner>.<integration>') });
  expect(await run('people', 'suppress')).toMatchObject({ code: 2, err: expect.stringContaining('needs --kind and --value') });
});
