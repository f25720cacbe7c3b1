import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Acting } from '#contract';
import { migrate, openDatabase, readAudit, verifyAudit, type Database } from '#event-log';
import { freshDatabase, type FreshDatabase } from '#testkit';
import { openKeyring } from './keyring.ts';
import { migrateVault } from './migrate-vault.ts';
import { openApiKeys, type ApiKeys } from './open-api-keys.ts';

const ana: Acting = { who: { kind: 'local', id: 'ana', name: 'ana', tenant: undefined, scopes: ['admin'] }, from: 'desk' };

let server: FreshDatabase;
let db: Database;
let keys: ApiKeys;
let owner: pg.Client;

beforeAll(async () => {
  server = await freshDatabase();
  await migrate(server.url);
  await migrateVault(server.url);
  db = openDatabase({ url: server.url, applicationName: 'vault-test' });
  keys = openApiKeys(db);
  owner = new pg.Client({ connectionString: server.url });
  await owner.connect();
});
afterAll(async () => {
  await owner.end();
  await db.close();
  await server.drop();
});

const keyringOf = () => openKeyring({ ...keys, nowMs: Date.now });

describe('API keys', () => {
  it('are made, told from each other, and listed without a trace of their secret', async () => {
    const { key, text } = await keys.create({ name: 'reports', scopes: ['read', 'read'], tenant: 'north', expiresAt: '2099-01-01T00:00:00Z' }, ana);
    expect(key).toMatchObject({ name: 'reports', scopes: ['read'], tenant: 'north', createdBy: 'local:ana', expiresAt: '2099-01-01T00:00:00Z', revokedAt: undefined });
    expect(await keyringOf().check(text)).toEqual({ ok: true, principal: { kind: 'key', id: key.id, name: 'reports', tenant: 'north', scopes: ['read'] } });
    const { rows } = await owner.query<{ all: string }>('select k::text as all from api_keys k');
    const secret = text.split('_')[2]!.slice(0, 44);
    expect(JSON.stringify([await keys.list(), rows])).not.toContain(secret);
    expect(await keys.list()).toContainEqual({ ...key, lastUsedAt: expect.toSatisfy((at: unknown) => at === undefined || typeof at === 'string') });
  });

  it('are revoked once, for good', async () => {
    const { key, text } = await keys.create({ name: 'old', scopes: ['operate'] }, ana);
    const revoked = await keys.revoke(key.id, ana);
    expect(revoked.revokedAt).toMatch(/Z$/);
    expect((await keys.revoke(key.id, ana)).revokedAt).toBe(revoked.revokedAt);
    expect(await keyringOf().check(text)).toEqual({ ok: false, why: 'revoked' });
    await expect(keys.revoke('nobody', ana)).rejects.toMatchObject({ code: 'not-found' });
  });

  it('are made and revoked on record, and never with their secret', async () => {
    const { key, text } = await keys.create({ name: 'on record', scopes: ['publish'], tenant: 'north' }, ana);
    await keys.revoke(key.id, ana);
    const records = (await readAudit(db)).filter(({ subject }) => subject === key.id);
    const who = { kind: 'local', id: 'ana', name: 'ana' };
    expect(records).toMatchObject([
      { act: 'create-key', who, from: 'desk', changed: { name: 'on record', scopes: ['publish'], tenant: 'north', expiresAt: null } },
      { act: 'revoke-key', who, from: 'desk', changed: { name: 'on record', revokedAt: expect.stringMatching(/Z$/) } },
    ]);
    expect(JSON.stringify(records)).not.toContain(text.split('_')[2]!.slice(0, 44));
    expect((await verifyAudit(db)).broken).toBeUndefined();
  });

  it('are known to have been used, to the minute', async () => {
    const { key } = await keys.create({ name: 'used', scopes: ['read'] }, ana);
    await keys.noteUse(key.id);
    const first = (await keys.find(key.id))!.lastUsedAt;
    expect(first).toMatch(/Z$/);
    await keys.noteUse(key.id);
    expect((await keys.find(key.id))!.lastUsedAt).toBe(first);
    await owner.query(`update api_keys set last_used_at = last_used_at - interval '61 seconds' where id = $1`, [key.id]);
    await keys.noteUse(key.id);
    expect((await keys.find(key.id))!.lastUsedAt! >= first!).toBe(true);
  });

  it('cannot be widened by a service', async () => {
    const { key } = await keys.create({ name: 'narrow', scopes: ['read'], tenant: 'north' }, ana);
    for (const change of ["scopes = '{admin}'", 'tenant = null', 'expires_at = null', "secret_hash = sha256('x')"]) {
      await expect(db.pool.query(`update api_keys set ${change} where id = $1`, [key.id]), change).rejects.toThrow('permission denied');
    }
    await expect(db.pool.query('delete from api_keys')).rejects.toThrow('permission denied');
    await expect(owner.query(`update api_keys set scopes = '{admin}' where id = $1`, [key.id])).rejects.toThrow('check constraint');
  });

  it('say when the database is away, and when it was not prepared', async () => {
    const away = openDatabase({ url: 'postgres://nobody@127.0.0.1:1/none', applicationName: 'vault-test' });
    await expect(openApiKeys(away).list()).rejects.toMatchObject({ code: 'log-unavailable' });
    await away.close();
    const empty = await freshDatabase();
    await migrate(empty.url);
    const unprepared = openDatabase({ url: empty.url, applicationName: 'vault-test' });
    await expect(openApiKeys(unprepared).list()).rejects.toMatchObject({ code: 'migration-missing' });
    await unprepared.close();
    await empty.drop();
  });

  it('have nothing to migrate the second time', async () => {
    expect(await migrateVault(server.url)).toEqual([]);
  });
});
