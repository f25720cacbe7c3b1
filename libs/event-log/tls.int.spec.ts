import { chmod, chown, copyFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeAuthority, scratchFolder, startTestPostgres, type Authority, type Certified, type TestPostgres } from '#testkit';
import { migrate, openDatabase, openEventLog } from './index.ts';

let postgres: TestPostgres;
let dir: string;
let ours: Authority;
let theirs: Authority;
let room: Certified;

/** Puts a file into the data folder, for the server's account alone, as Postgres asks of keys. */
const install = async (from: string, data: string, name: string): Promise<void> => {
  const { uid, gid } = await stat(data);
  await copyFile(from, join(data, name));
  await chmod(join(data, name), 0o600);
  await chown(join(data, name), uid, gid);
};

/** Encrypted, and by nobody without a certificate of ours; the password counts as before. */
const HBA = 'hostssl all all 127.0.0.1/32 scram-sha-256 clientcert=verify-ca\n';

beforeAll(async () => {
  [postgres, dir] = await Promise.all([startTestPostgres({ durable: false }), scratchFolder('tls')]);
  [ours, theirs] = await Promise.all([makeAuthority(dir, 'ours'), makeAuthority(dir, 'theirs')]);
  const server = await ours.certify('postgres', true);
  room = await ours.certify('ingest');
  await migrate(postgres.url);
  const owner = new pg.Client({ connectionString: postgres.url });
  await owner.connect();
  const data = (await owner.query<{ data_directory: string }>('show data_directory')).rows[0]!.data_directory;
  await Promise.all([install(server.cert, data, 'server.crt'), install(server.key, data, 'server.key'), install(ours.ca, data, 'ca.crt')]);
  await writeFile(join(data, 'pg_hba.conf'), HBA);
  for (const setting of [`ssl_ca_file = 'ca.crt'`, 'ssl = on']) await owner.query(`alter system set ${setting}`);
  await owner.query('select pg_reload_conf()');
  await owner.end();
}, 120_000);
afterAll(async () => {
  await postgres.stop();
  await rm(dir, { recursive: true, force: true });
}, 60_000);

const urlWith = (more: Record<string, string>): string => {
  const url = new URL(postgres.url);
  for (const [name, value] of Object.entries(more)) url.searchParams.set(name, value);
  return url.href;
};
const ask = async (url: string): Promise<unknown> => {
  const db = openDatabase({ url, applicationName: 'spec' });
  const log = openEventLog(db);
  try {
    await log.manifests();
    return (await db.pool.query('select ssl, client_dn from pg_stat_ssl where pid = pg_backend_pid()')).rows[0];
  } finally {
    log.close();
    await db.close();
  }
};

describe('a connection to Postgres', () => {
  it('is encrypted, both ends known by their certificates, as DATABASE_URL says', async () => {
    const url = urlWith({ sslmode: 'verify-full', sslrootcert: ours.ca, sslcert: room.cert, sslkey: room.key });
    expect(await ask(url)).toEqual({ ssl: true, client_dn: '/CN=ingest' });
    // The owner's own way in, too.
    expect(await migrate(url)).toEqual([]);
  });

  it.each<[string, () => Record<string, string>, RegExp]>([
    ['another authority signed the server’s certificate', () => ({ sslmode: 'verify-full', sslrootcert: theirs.ca, sslcert: room.cert, sslkey: room.key }), /certificate/],
    ['it shows no certificate of its own', () => ({ sslmode: 'verify-full', sslrootcert: ours.ca }), /certificate/],
    ['it is not encrypted', () => ({ sslmode: 'disable' }), /no encryption/],
  ])('is refused when %s', async (_why, options, words) => {
    await expect(ask(urlWith(options()))).rejects.toMatchObject({ code: 'log-unavailable', message: expect.stringMatching(words) });
  });
});
