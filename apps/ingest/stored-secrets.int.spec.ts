import { createHmac, randomUUID } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadConfig } from '#boot';
import { operatorEventId, type Acting, type Manifest } from '#contract';
import { MANIFEST_STREAM, migrate, openDatabase, openEventLog, type Database } from '#event-log';
import { migrateReadModels } from '#read-models';
import { freshDatabase, scratchFolder, waitFor, type FreshDatabase } from '#testkit';
import { drawMasterKey, migrateVault, openMasterKeys, openSecrets } from '#vault';
import { raiseWalls } from '#walls';
import { ingestConfig } from './ingest.config.ts';
import { startIngest } from './ingest.start.ts';

const ana: Acting = { who: { kind: 'local', id: 'ana', name: 'ana', tenant: undefined, scopes: ['admin'] }, from: 'desk' };
const MANIFEST: Manifest = {
  version: 1,
  integrations: [
    {
      partner: 'generic', name: 'shop', tenant: 'default', paused: false, credentials: {}, settings: {}, limits: { concurrency: 1, perSecond: 0, timeoutMs: 1_000 },
      webhook: { secrets: ['${vault:shop-next:-}', '${vault:shop}'], signature: { kind: 'hmac', algorithm: 'sha256', encoding: 'hex', signature: { header: 'x-signature' }, signed: '{body}' } },
    },
  ],
  routes: [],
};
const [k1, k2] = [drawMasterKey(new Date()), drawMasterKey(new Date())];

let server: FreshDatabase;
let db: Database;
let dir: string;
let room: Awaited<ReturnType<typeof startIngest>>;

const putKeys = async (text: string): Promise<void> => {
  await writeFile(join(dir, 'next'), text);
  await rename(join(dir, 'next'), join(dir, 'keys'));
};
const set = (name: string, value: string, key = k1) => openSecrets(db, () => openMasterKeys(key)).set(name, value, ana);
const remove = (name: string) => openSecrets(db, () => openMasterKeys(k1)).remove(name, ana);

beforeAll(async () => {
  [server, dir] = await Promise.all([freshDatabase(), scratchFolder('ingest-secrets')]);
  await migrate(server.url);
  await migrateVault(server.url);
  await migrateReadModels(server.url);
  await raiseWalls(server.url);
  db = openDatabase({ url: server.url, applicationName: 'test' });
  const log = openEventLog(db);
  await log.appendExpected({
    id: operatorEventId('apply', 'manifest', 1), type: 'operator.manifest-applied', partner: 'trunkline', integration: 'hub', tenant: 'default', correlationId: randomUUID(),
    occurredAt: new Date().toISOString(), schemaVersion: 1, contentType: 'application/json', data: Buffer.from(JSON.stringify(MANIFEST)), headers: {}, stream: { name: MANIFEST_STREAM, version: 1 },
  });
  log.close();
  await putKeys(k1);
  const env = { DATABASE_URL: server.url, MASTER_KEYS_FILE: join(dir, 'keys'), INGEST_HOST: '127.0.0.1', INGEST_PORT: '0', INGEST_MANIFEST_EVERY_MS: '20', LOG_LEVEL: 'silent' };
  room = await startIngest(loadConfig(ingestConfig, env), env);
});
afterAll(async () => {
  await room?.stop();
  await db?.close();
  await server?.drop();
  await rm(dir, { recursive: true, force: true });
});

const send = async (secret: string): Promise<string> => {
  const body = JSON.stringify({ type: 'order', id: randomUUID() });
  const answer = await fetch(`${room.url}/webhooks/generic/shop`, { method: 'POST', body, headers: { 'content-type': 'application/json', 'x-signature': createHmac('sha256', secret).update(body).digest('hex') } });
  const { cause = '' } = (await answer.json()) as { cause?: string };
  return `${answer.status} ${cause}`.trim();
};
const until = (secret: string, answer: string) => waitFor(async () => (await send(secret)) === answer, { what: `${answer} to ${secret}` });

it('takes webhooks as soon as their secret is stored, and by both while it changes', async () => {
  expect(await send('old')).toBe('503 secret-missing');
  await set('shop', 'old');
  await until('old', '202');
  await set('shop-next', 'new');
  await until('new', '202');
  expect(await send('old')).toBe('202');
  await remove('shop');
  await until('old', '401 signature-refused');
  expect(await send('new')).toBe('202');
});

it('refuses what it has no key to open the secret for, and goes on once the file holds that key', async () => {
  await set('shop-next', 'sealed elsewhere', k2);
  await until('sealed elsewhere', '503 secret-missing');
  await putKeys(`${k1},${k2}`);
  await until('sealed elsewhere', '202');
});

it('goes on with what it knows while the stored secrets cannot be read', async () => {
  const owner = new pg.Client({ connectionString: server.url });
  await owner.connect();
  await owner.query('revoke select (name, wrapped_key, sealed) on sealed_secrets from trunkline_ingest');
  await owner.query('delete from sealed_secrets');
  for (let n = 0; n < 30; n += 1) expect(await send('sealed elsewhere')).toBe('202');
  await owner.query('grant select (name, wrapped_key, sealed) on sealed_secrets to trunkline_ingest');
  await owner.end();
  await until('sealed elsewhere', '503 secret-missing');
});
