import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Acting } from '#contract';
import { migrate, openDatabase, readAudit, verifyAudit, type Database } from '#event-log';
import { freshDatabase, type FreshDatabase } from '#testkit';
import { drawMasterKey, openMasterKeys } from './master-keys.ts';
import { migrateVault } from './migrate-vault.ts';
import { openSecrets } from './open-secrets.ts';
import { countKeyUse, rotateVault } from './rotate-vault.ts';
import { openSecretReader } from './secret-reader.ts';
import { openTokenStore } from './token-store.ts';
import { WRAPPED_TABLES, type WrappedTable } from './wrapped-tables.ts';

const ana: Acting = { who: { kind: 'local', id: 'ana', name: 'ana', tenant: undefined, scopes: ['admin'] }, from: 'desk' };
const key = (id: string): string => `${id}:${drawMasterKey(new Date(0)).split(':')[1]}`;
const [one, two] = [key('k1'), key('k2')];
const [k1, k2, both] = [openMasterKeys(one), openMasterKeys(two), openMasterKeys(`${two},${one}`)];

let server: FreshDatabase;
let db: Database;
let owner: pg.Client;

beforeAll(async () => {
  server = await freshDatabase();
  await migrate(server.url);
  await migrateVault(server.url);
  db = openDatabase({ url: server.url, applicationName: 'vault-test' });
  owner = new pg.Client({ connectionString: server.url });
  await owner.connect();
});
afterAll(async () => {
  await owner.end();
  await db.close();
  await server.drop();
});
beforeEach(() => owner.query('truncate sealed_secrets, oauth_tokens'));

const secrets = openSecretsUnder(() => k1);
function openSecretsUnder(keys: () => typeof k1) {
  return { set: (name: string, value: string) => openSecrets(db, keys).set(name, value, ana), list: () => openSecrets(db, keys).list(), remove: (name: string) => openSecrets(db, keys).remove(name, ana) };
}
/** As it is, and as a bytea shows it. */
const HUSH = new RegExp(`hush|${Buffer.from('hush').toString('hex')}`);
const everything = async (): Promise<string> => {
  const { rows } = await owner.query<{ all: string }>('select s::text as all from sealed_secrets s union all select t::text from oauth_tokens t union all select convert_from(e.data, \'UTF8\') from events e');
  return rows.map((row) => row.all).join('\n');
};

describe('a stored secret', () => {
  it('is told from others by everything but its value, which is nowhere in the clear', async () => {
    expect(await secrets.set('stripe.key', 'hush-hush-hush')).toMatchObject({ name: 'stripe.key', version: 1, keyId: 'k1', createdBy: 'local:ana', updatedAt: expect.stringMatching(/Z$/) });
    expect(await secrets.set('stripe.key', 'hush-hush-hush')).toMatchObject({ version: 2 });
    await secrets.set('a', 'x');
    expect((await secrets.list()).map(({ name, version }) => [name, version])).toEqual([['a', 1], ['stripe.key', 2]]);
    expect(await secrets.remove('a')).toMatchObject({ name: 'a' });
    await expect(secrets.remove('a')).rejects.toMatchObject({ code: 'not-found' });
    expect((await secrets.list()).map(({ name }) => name)).toEqual(['stripe.key']);
    expect(await everything()).not.toMatch(HUSH);
    const records = (await readAudit(db)).filter(({ act }) => act?.endsWith('-secret'));
    expect(records.map(({ act, subject, changed }) => [act, subject, changed])).toEqual([
      ['set-secret', 'stripe.key', { name: 'stripe.key', version: 1, keyId: 'k1' }],
      ['set-secret', 'stripe.key', { name: 'stripe.key', version: 2, keyId: 'k1' }],
      ['set-secret', 'a', { name: 'a', version: 1, keyId: 'k1' }],
      ['remove-secret', 'a', { name: 'a', version: 1, keyId: 'k1' }],
    ]);
    expect((await verifyAudit(db)).broken).toBeUndefined();
  });

  it.each([['Stripe', 'x'], ['', 'x'], ['a b', 'x'], ['a'.repeat(65), 'x'], ['-a', 'x'], ['a', ''], ['a', ' \n'], ['a', 'x\ud800'], ['a', 'x'.repeat(10_001)]])('is not stored as %j', async (name, value) => {
    await expect(secrets.set(name, value)).rejects.toMatchObject({ code: 'validation-failed' });
    expect(await secrets.list()).toEqual([]);
  });
});

describe('whoever reads stored secrets', () => {
  it('knows nothing before the first look, and every change after the next', async () => {
    const reader = openSecretReader(db, k1);
    expect(reader.find('a').problem).toMatch(/^the stored secret a could not be read yet/);
    expect([await reader.look(), await reader.look()]).toEqual([true, false]);
    expect(reader.find('a')).toEqual({});
    await secrets.set('a', 'one');
    expect([await reader.look(), reader.find('a')]).toEqual([true, { value: 'one' }]);
    await secrets.set('a', 'two');
    expect(reader.find('a')).toEqual({ value: 'one' });
    expect([await reader.look(), reader.find('a')]).toEqual([true, { value: 'two' }]);
    await secrets.remove('a');
    // The same name and version, and another value: what is looked at is what is sealed.
    await secrets.set('a', 'three');
    expect([await reader.look(), reader.find('a')]).toEqual([true, { value: 'three' }]);
    await secrets.remove('a');
    expect([await reader.look(), reader.find('a'), await reader.look()]).toEqual([true, {}, false]);
  });

  it('says which secret cannot be opened, and with which key, and notices when it can', async () => {
    await secrets.set('a', 'one');
    let keys = k2;
    const reader = openSecretReader(db, { ...k2, open: (sealed, context) => keys.open(sealed, context) });
    await reader.look();
    expect(reader.find('a')).toEqual({
      problem: 'the stored secret a cannot be opened (it was sealed with the master key k1, which MASTER_KEYS does not hold); give that key back to MASTER_KEYS, or store the secret anew: trunkline secrets set a',
    });
    expect(await reader.look()).toBe(false);
    keys = both;
    expect([await reader.look(), reader.find('a'), await reader.look()]).toEqual([true, { value: 'one' }, false]);
  });

  it('takes no secret for another that was put in its place', async () => {
    await secrets.set('a', 'one');
    await secrets.set('b', 'two');
    await owner.query("update sealed_secrets set (wrapped_key, sealed) = (select wrapped_key, sealed from sealed_secrets where name = 'b') where name = 'a'");
    const reader = openSecretReader(db, k1);
    await reader.look();
    expect(reader.find('a').problem).toContain('it was changed, or is not what it is taken for');
    expect(reader.find('b')).toEqual({ value: 'two' });
  });

  it('keeps what it has while the vault is away, and says so when it has nothing', async () => {
    await secrets.set('a', 'one');
    let away = false;
    const flaky = { ...db, pool: { query: (statement: never) => (away ? Promise.reject(new Error('gone')) : db.pool.query(statement)) } } as unknown as Database;
    const reader = openSecretReader(flaky, k1);
    await reader.look();
    away = true;
    expect([await reader.look(), reader.find('a')]).toEqual([false, { value: 'one' }]);
    const late = openSecretReader(flaky, k1);
    expect([await late.look(), late.find('a').problem]).toEqual([false, expect.stringMatching(/could not be read yet: .*gone/)]);
  });
});

describe('rotating', () => {
  const told: string[] = [];
  const rotate = (keys = both, tables: readonly WrappedTable[] = WRAPPED_TABLES, on = db) => rotateVault(on, keys, { by: ana, tell: (line) => told.push(line), tables });
  const usage = async (keys = both) => (await countKeyUse(db, keys)).map(({ keyId, active, known, counts }) => [keyId, active, known, counts.map(({ count }) => count)]);

  it('seals everything under the active key, and nothing that it seals is opened or changed', async () => {
    for (const name of ['a', 'b', 'c']) await secrets.set(name, `value of ${name}`);
    await openTokenStore(db, k1).keep('http.crm', Buffer.alloc(32), { accessToken: 'at', obtainedAtMs: 1 });
    const sealedBefore = (await owner.query('select name, sealed from sealed_secrets order by name')).rows;
    expect(await usage()).toEqual([['k2', true, true, []], ['k1', false, true, [3, 1]]]);
    expect(await rotate()).toEqual({ rewrapped: 4, left: 0, stuck: [] });
    expect(told).toEqual(['stored secrets: 3 sealed anew under k2', 'OAuth tokens: 1 sealed anew under k2']);
    expect(await usage(k2)).toEqual([['k2', true, true, [3, 1]]]);
    expect((await owner.query('select name, sealed from sealed_secrets order by name')).rows).toEqual(sealedBefore);
    const reader = openSecretReader(db, k2);
    await reader.look();
    expect(['a', 'b', 'c'].map((name) => reader.find(name).value)).toEqual(['value of a', 'value of b', 'value of c']);
    expect((await openTokenStore(db, k2).find('http.crm'))!.token).toMatchObject({ accessToken: 'at' });
    expect((await readAudit(db)).at(-1)).toMatchObject({ act: 'rotate-vault', subject: 'k2', changed: { under: 'k2', was: [{ keyId: 'k2' }, { keyId: 'k1', counts: [{ what: 'stored secrets', count: 3 }, { what: 'OAuth tokens', count: 1 }] }] } });
    const acts = (await readAudit(db)).length;
    expect(await rotate()).toEqual({ rewrapped: 0, left: 0, stuck: [] });
    expect(await readAudit(db)).toHaveLength(acts);
  });

  it('is noticed by whoever reads, before the old key is gone', async () => {
    await secrets.set('a', 'one');
    let keys = both;
    const reader = openSecretReader(db, { ...both, open: (sealed, context) => keys.open(sealed, context) });
    await reader.look();
    await rotate();
    expect(await reader.look()).toBe(true);
    keys = k2;
    expect(reader.find('a')).toEqual({ value: 'one' });
  });

  it('goes on in chunks where it was broken off', async () => {
    const { wrappedKey, sealed } = { wrappedKey: k1.seal(Buffer.alloc(32), 'x'), sealed: k1.seal(Buffer.from('x'), 'x') };
    await owner.query("insert into sealed_secrets (name, wrapped_key, sealed, created_by, updated_by) select 's' || n, $1, $2, 'x', 'x' from generate_series(1, 450) n", [wrappedKey, sealed]);
    const tables = [{ ...WRAPPED_TABLES[0]!, context: () => 'x' }];
    let left = 2;
    const breaks = { ...db, pool: { ...db.pool, query: (text: string, values: never) => (text.startsWith('update') && left-- === 0 ? Promise.reject(new Error('killed')) : db.pool.query(text, values)), connect: () => db.pool.connect() } } as unknown as Database;
    await expect(rotate(both, tables, breaks)).rejects.toMatchObject({ code: 'log-unavailable' });
    expect(await usage()).toEqual([['k2', true, true, [400]], ['k1', false, true, [50]]]);
    expect(await rotate(both, tables)).toEqual({ rewrapped: 50, left: 0, stuck: [] });
  });

  it('does not put back what somebody stored meanwhile', async () => {
    await secrets.set('a', 'old');
    const meanwhile = { ...db, pool: { ...db.pool, connect: () => db.pool.connect(), query: async (text: string, values: never) => {
      if (text.startsWith('update')) await openSecrets(db, () => both).set('a', 'new', ana);
      return db.pool.query(text, values);
    } } } as unknown as Database;
    expect(await rotate(both, WRAPPED_TABLES, meanwhile)).toEqual({ rewrapped: 0, left: 0, stuck: [] });
    const reader = openSecretReader(db, k2);
    await reader.look();
    expect(reader.find('a')).toEqual({ value: 'new' });
  });

  it('leaves what it cannot open as it is, names it, and does the rest', async () => {
    await openSecrets(db, () => openMasterKeys(key('lost'))).set('a', 'gone', ana);
    await secrets.set('b', 'here');
    expect(await rotate()).toEqual({ rewrapped: 1, left: 1, stuck: [{ what: 'stored secrets', id: 'a', why: expect.stringContaining('master key lost, which MASTER_KEYS does not hold') }] });
    expect(await usage()).toEqual([['k2', true, true, [1]], ['lost', false, false, [1]]]);
  });

  it('takes a table more by a line, whatever its rows are named by', async () => {
    await owner.query('create schema elsewhere; create table elsewhere.things (id uuid primary key default gen_random_uuid(), thing_key bytea); grant usage on schema elsewhere to trunkline_app; grant select, update on elsewhere.things to trunkline_app');
    const { rows } = await owner.query<{ id: string }>('insert into elsewhere.things select from generate_series(1, 5) returning id');
    for (const { id } of rows) await owner.query('update elsewhere.things set thing_key = $2 where id = $1', [id, k1.seal(Buffer.from(id), `thing:${id}`)]);
    const things: WrappedTable = { what: 'things', table: 'elsewhere.things', id: 'id', sealed: 'thing_key', context: (id) => `thing:${id}` };
    expect(await rotate(both, [...WRAPPED_TABLES, things])).toEqual({ rewrapped: 5, left: 0, stuck: [] });
    const after = await owner.query<{ id: string; thing_key: Buffer }>('select * from elsewhere.things');
    for (const { id, thing_key: sealed } of after.rows) expect(k2.open(sealed, `thing:${id}`).toString()).toBe(id);
    await owner.query('drop schema elsewhere cascade');
  });
});

describe('a kept token', () => {
  const token = { accessToken: 'at-hush', refreshToken: 'rt-hush', obtainedAtMs: 1, expiresAtMs: 2 };

  it('is there for every process, sealed, with a number that grows', async () => {
    const store = openTokenStore(db, k1);
    expect(await store.find('http.crm')).toBeUndefined();
    expect(await store.keep('http.crm', Buffer.alloc(32, 1), token)).toBe(1);
    expect(await store.keep('http.crm', Buffer.alloc(32, 1), { ...token, accessToken: 'next' })).toBe(2);
    expect(await openTokenStore(db, k1).find('http.crm')).toEqual({ grantHash: Buffer.alloc(32, 1), version: 2, token: { ...token, accessToken: 'next' } });
    expect(await openTokenStore(db, k2).find('http.crm')).toMatchObject({ version: 2, problem: expect.stringContaining('k1') });
    expect(await everything()).not.toMatch(HUSH);
  });

  it('is renewed by one at a time, for each account, and holds no reader of the log back meanwhile', async () => {
    const store = openTokenStore(db, k1);
    const seen: string[] = [];
    let go: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (go = resolve));
    let started: () => void = () => undefined;
    const inside = new Promise<void>((resolve) => (started = resolve));
    const first = store.alone('http.crm', 5_000, async () => {
      started();
      await held;
      seen.push('first');
    });
    await inside;
    const second = store.alone('http.crm', 5_000, async () => void seen.push('second'));
    await store.alone('http.other', 5_000, async () => void seen.push('other'));
    await expect(store.alone('http.crm', 50, async () => undefined)).rejects.toMatchObject({ code: 'log-unavailable' });
    const { rows } = await owner.query("select count(*)::int as n from pg_stat_activity where datname = current_database() and (backend_xid is not null or state like 'idle in transaction%')");
    expect(rows).toEqual([{ n: 0 }]);
    go();
    await Promise.all([first, second]);
    expect(seen).toEqual(['other', 'first', 'second']);
  });

  it('gives the lock back when the work fails', async () => {
    const store = openTokenStore(db, k1);
    await expect(store.alone('http.crm', 1_000, async () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await store.alone('http.crm', 1_000, async () => 'in')).toBe('in');
  });
});
