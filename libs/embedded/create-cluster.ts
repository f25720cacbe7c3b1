import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HubError } from '#contract';
import { type PostgresBinaries } from './postgres-binaries.ts';
import { type Account } from './server-account.ts';

export type Cluster = { data: string; password: string };

const run = (path: string, args: string[], account: Account | undefined, input = ''): Promise<void> =>
  new Promise((resolve, reject) => {
    const child = execFile(path, args, { ...account, cwd: '/', env: { LC_ALL: 'C' } }, (error, out, complaint) => {
      if (!error) return resolve();
      reject(new HubError('server-missing', `${path} failed: ${complaint.trim() || out.trim() || error.message}`, { cause: error }));
    });
    child.stdin?.on('error', () => undefined); // it ended early: the exit code says why
    child.stdin?.end(input);
  });

type Wanted = {
  place: string;
  binaries: PostgresBinaries;
  account: Account | undefined;
  /** False: a power cut while it is made may leave it broken. */
  durable: boolean;
  onLog(line: string): void;
};

const initFlags = (data: string, passwordFile: string, durable: boolean): string[] => [
  `--pgdata=${data}`, `--pwfile=${passwordFile}`, '--username=postgres', '--auth=scram-sha-256', '--encoding=UTF8',
  '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', ...(durable ? [] : ['--no-sync']),
];

/**
 * The cluster in `place`: made on first use with a password of its own and an empty database `trunkline`.
 * A first run that was interrupted leaves only `data.new`, which is thrown away.
 */
export const createCluster = async ({ place, binaries, account, durable, onLog }: Wanted): Promise<Cluster> => {
  const [data, half, passwordFile] = [join(place, 'data'), join(place, 'data.new'), join(place, 'password')];
  if (await stat(data).then(() => true, () => false)) return { data, password: (await readFile(passwordFile, 'utf8')).trim() };
  onLog('making a new database cluster, the first time only');
  const password = randomBytes(18).toString('base64url');
  await rm(half, { recursive: true, force: true });
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  if (account) await chown(passwordFile, account.uid, account.gid);
  await run(binaries.initdb, initFlags(half, passwordFile, durable), account);
  await run(binaries.postgres, ['--single', '-F', '-D', half, 'postgres'], account, 'CREATE DATABASE trunkline;\n');
  await rename(half, data);
  return { data, password };
};
