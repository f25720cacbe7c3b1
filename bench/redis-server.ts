import { execFile, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { access, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

export type RedisProgram = { path: string; libraries?: string; version: string };

export type RunningRedis = { port: number; pid: number; version: string; stop(): Promise<void> };

const environment = (libraries?: string): NodeJS.ProcessEnv => ({ PATH: process.env['PATH'], ...(libraries !== undefined && { LD_LIBRARY_PATH: libraries }) });

const asProgram = (path: string, libraries?: string): RedisProgram | undefined => {
  const { stdout } = spawnSync(path, ['--version'], { encoding: 'utf8', env: environment(libraries) });
  const version = /v=(\S+)/.exec(stdout ?? '')?.[1];
  return version === undefined ? undefined : { path, libraries, version };
};

/** The packages that installing redis-server would bring, itself among them. Only asks; needs no root. */
const packagesOf = async (): Promise<string[]> => {
  const { stdout } = await run('apt-get', ['-s', '-o', 'Debug::NoLocking=1', 'install', '--no-install-recommends', 'redis-server']);
  return [...stdout.matchAll(/^Inst (\S+)/gm)].map((match) => match[1]!);
};

const librariesIn = async (tree: string): Promise<string> => {
  const lib = join(tree, 'usr/lib');
  const folders = await readdir(lib, { withFileTypes: true }).catch(() => []);
  return [lib, ...folders.filter((entry) => entry.isDirectory()).map((entry) => join(lib, entry.name))].join(':');
};

const unpackFromDebian = async (cacheDir: string, tree: string): Promise<void> => {
  await mkdir(cacheDir, { recursive: true });
  const work = await mkdtemp(join(cacheDir, 'redis-'));
  try {
    await run('apt-get', ['-q', '-o', 'APT::Sandbox::User=', 'download', ...(await packagesOf())], { cwd: work });
    for (const file of (await readdir(work)).filter((name) => name.endsWith('.deb'))) await run('dpkg-deb', ['-x', join(work, file), join(work, 'tree')]);
    await rename(join(work, 'tree'), tree);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
};

/** Finds redis-server: on PATH, else Debian's package with what it needs, unpacked into the cache; no root. Throws in a sentence. */
export const findRedis = async (cacheDir: string, say: (line: string) => void): Promise<RedisProgram> => {
  const onPath = asProgram('redis-server');
  if (onPath !== undefined) return onPath;
  const tree = join(cacheDir, 'redis-debian');
  const path = join(tree, 'usr/bin/redis-server');
  try {
    if (!(await access(path).then(() => true, () => false))) {
      say('downloading Debian\'s redis-server with apt-get (2 MB, the first time only)');
      await unpackFromDebian(cacheDir, tree);
    }
  } catch (error) {
    throw new Error(`There is no redis-server on PATH, and Debian's package could not be had: ${(error as Error).message.trim().split('\n').at(-1)}`, { cause: error });
  }
  const program = asProgram(path, await librariesIn(tree));
  if (program === undefined) throw new Error(`The redis-server in ${tree} does not run on this machine.`);
  return program;
};

const answersPing = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    socket.once('data', (reply) => {
      socket.destroy();
      resolve(reply.toString().startsWith('+PONG'));
    });
    socket.once('error', () => resolve(false));
  });

/**
 * Starts Redis as durable as the log is: every write on the disk before its answer. Snapshots and rewrites are off, which spares it work.
 */
export const startRedis = async (program: RedisProgram, dir: string, port: number): Promise<RunningRedis> => {
  await mkdir(dir, { recursive: true });
  const args = ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', dir, '--save', '', '--appendonly', 'yes', '--appendfsync', 'always', '--auto-aof-rewrite-percentage', '0', '--maxmemory-policy', 'noeviction'];
  const child = spawn(program.path, args, { env: environment(program.libraries), stdio: 'ignore' });
  const gone = once(child, 'exit');
  gone.catch(() => undefined);
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
    await gone.catch(() => undefined);
  };
  for (let tries = 0; tries < 200; tries++) {
    if (await answersPing(port)) return { port, pid: child.pid!, version: program.version, stop };
    if (child.exitCode !== null) throw new Error(`redis-server ended with code ${child.exitCode}.`);
    await pause(50);
  }
  await stop();
  throw new Error('redis-server was not ready within 10 s.');
};
