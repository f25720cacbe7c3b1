import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { freshDatabase, scratchFolder, waitFor } from '#testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { identityOf } from './process-identity.ts';
import { startPostgres } from './start-postgres.ts';

const folders: string[] = [];
const folder = async () => {
  const dir = await scratchFolder('embedded');
  folders.push(dir);
  return dir;
};
/** One cluster for the tests that do not need a new one: making it takes most of the time. Nobody runs on it between two tests. */
let dir: string;
beforeAll(async () => {
  dir = await folder();
});
afterAll(() => Promise.all(folders.map((dir) => rm(dir, { recursive: true, force: true }))));

const query = async (url: string, sql: string): Promise<unknown[]> => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query({ text: sql, rowMode: 'array' })).rows.flat();
  } finally {
    await client.end();
  }
};
const settings = { fsync: 'off' };

it('keeps its data over a gentle stop and a start', async () => {
  const first = await startPostgres({ dir, settings });
  await query(first.url, 'create table gently_kept as select 42 as answer');
  await first.stop();
  expect(identityOf(first.pid)).toBeUndefined();
  const second = await startPostgres({ dir, settings });
  expect(await query(second.url, 'select answer from gently_kept')).toEqual([42]);
  await second.stop();
});

it('writes durably unless it is told otherwise', async () => {
  const server = await startPostgres({ dir });
  expect(await query(server.url, 'show fsync')).toEqual(['on']);
  await server.stop();
});

it('lets nobody in without the password', async () => {
  const server = await startPostgres({ dir, settings });
  const url = new URL(server.url);
  url.password = 'guess';
  await expect(query(url.href, 'select 1')).rejects.toThrow('password authentication failed');
  await server.stop();
});

it('refuses a folder that a living process uses', async () => {
  const server = await startPostgres({ dir, settings });
  await expect(startPostgres({ dir, settings })).rejects.toMatchObject({ code: 'folder-in-use' });
  await server.stop();
});

it('names the port that is taken', async () => {
  const taken = await startPostgres({ dir, settings });
  await expect(startPostgres({ dir: await folder(), settings, port: taken.port })).rejects.toMatchObject({ code: 'port-taken' });
  await taken.stop();
});

it('recovers when the server itself was killed', async () => {
  const first = await startPostgres({ dir });
  await query(first.url, 'create table kept as select 42 as answer');
  process.kill(first.pid, 'SIGKILL');
  expect(await first.died).toBe('Postgres ended by SIGKILL');
  const second = await startPostgres({ dir });
  expect(await query(second.url, 'select answer from kept')).toEqual([42]);
  await second.stop();
});

it('takes over from a parent that was killed', async () => {
  const first = await startPostgres({ dir, settings });
  // A parent that is gone: a process that ended, whose number and start are on record as the owner.
  const parent = spawn('sleep', ['60']);
  const owner = identityOf(parent.pid!);
  parent.kill('SIGKILL');
  await once(parent, 'exit');
  await writeFile(join(dir, 'owner.json'), JSON.stringify({ owner, server: identityOf(first.pid) }));
  const lines: string[] = [];
  const second = await startPostgres({ dir, settings, onLog: (line) => lines.push(line) });
  expect(lines).toEqual([`stopping process ${first.pid}, left over from a run that was killed`, 'starting']);
  expect(identityOf(first.pid)).toBeUndefined();
  expect(await query(second.url, 'select 1')).toEqual([1]);
  await second.stop();
});

it('stops a leftover that nobody recorded', async () => {
  const first = await startPostgres({ dir, settings });
  await rm(join(dir, 'owner.json'));
  const second = await startPostgres({ dir, settings });
  expect(identityOf(first.pid)).toBeUndefined();
  await second.stop();
});

it('is not kept from starting by a stale pid file whose number went to another program', async () => {
  const first = await startPostgres({ dir, settings });
  const pidFile = join(dir, 'data', 'postmaster.pid');
  const lines = (await readFile(pidFile, 'utf8')).split('\n');
  await first.stop();
  await writeFile(pidFile, [String(process.pid), ...lines.slice(1)].join('\n'));
  const second = await startPostgres({ dir, settings });
  expect(await query(second.url, 'select 1')).toEqual([1]);
  await second.stop();
});

it('starts afresh when making the cluster was interrupted', async () => {
  const dir = await folder();
  const first = await startPostgres({ dir, settings });
  await first.stop();
  await rename(join(dir, 'data'), join(dir, 'data.new'));
  const second = await startPostgres({ dir, settings });
  expect(await query(second.url, 'select 1')).toEqual([1]);
  await second.stop();
});

it.runIf(process.getuid?.() === 0)('finds another place when its account may not enter the folder', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'private-')); // mode 0700, ours
  folders.push(dir);
  const lines: string[] = [];
  const first = await startPostgres({ dir: join(dir, 'postgres'), settings, onLog: (line) => lines.push(line) });
  const place = await readFile(join(dir, 'postgres', 'moved-to'), 'utf8');
  folders.push(place);
  expect(lines.join()).toContain(place);
  await query(first.url, 'create table kept as select 42 as answer');
  await first.stop();
  const second = await startPostgres({ dir: join(dir, 'postgres'), settings });
  expect(await query(second.url, 'select answer from kept')).toEqual([42]);
  await second.stop();
});

it('gives each test file a database of its own', async () => {
  const [one, two] = await Promise.all([freshDatabase(), freshDatabase()]);
  await query(one.url, 'create table mine (id int)');
  expect(await query(two.url, "select count(*)::int from pg_tables where tablename = 'mine'")).toEqual([0]);
  await Promise.all([one.drop(), two.drop()]);
  await expect(query(one.url, 'select 1')).rejects.toThrow('does not exist');
});

it('leaves no server behind when its process ends without stopping it', async () => {
  const program = `
    import { startPostgres } from ${JSON.stringify(join(import.meta.dirname, 'start-postgres.ts'))};
    const server = await startPostgres({ dir: ${JSON.stringify(dir)}, settings: { fsync: 'off' } });
    console.log(server.pid);
    process.exit(3);`;
  const child = spawn(process.execPath, ['--conditions=source', '--experimental-transform-types', '--no-warnings', '--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'inherit'], cwd: process.cwd() });
  const [output] = (await waitFor.event(child.stdout, 'data')) as [Buffer];
  await waitFor(() => identityOf(Number(output.toString())) === undefined, { what: 'the server to end' });
  expect((await stat(join(dir, 'data'))).isDirectory()).toBe(true);
});
