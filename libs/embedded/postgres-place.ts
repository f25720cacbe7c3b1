import { chown, cp, mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { HubError } from '#contract';
import { type PostgresBinaries } from './postgres-binaries.ts';
import { canEnter, type Account } from './server-account.ts';

const ELSEWHERE = '/var/lib/trunkline';

const exists = (path: string): Promise<boolean> => stat(path).then(() => true, () => false);

const pointed = async (dir: string): Promise<string | undefined> => {
  const place = await readFile(join(dir, 'moved-to'), 'utf8').catch(() => undefined);
  return place && (await exists(place)) ? place : undefined;
};

const openElsewhere = async (): Promise<void> => {
  await mkdir(ELSEWHERE, { recursive: true, mode: 0o755 }).catch((cause: unknown) => {
    throw new HubError('server-missing', `Postgres runs as the user "postgres", which may not enter this folder, and ${ELSEWHERE} cannot be made. Move the project out of a private folder such as /root, or set DATABASE_URL.`, { cause });
  });
};

/**
 * The folder for a cluster's data: `dir`, unless the server's account may not enter it (a project under /root). Then one
 * under /var/lib/trunkline, which `dir/moved-to` names, so that removing `dir` still means starting afresh.
 */
export const postgresPlace = async (dir: string, account: Account | undefined, onLog: (line: string) => void): Promise<string> => {
  await mkdir(dir, { recursive: true });
  if (!account) return dir;
  const known = await pointed(dir);
  if (known) return known;
  await chown(dir, account.uid, account.gid);
  if (canEnter(account, dir)) return dir;
  await openElsewhere();
  const place = await mkdtemp(join(ELSEWHERE, 'postgres-'));
  await chown(place, account.uid, account.gid);
  await writeFile(join(dir, 'moved-to'), place);
  onLog(`the user "postgres" may not enter ${dir}: the data goes to ${place}`);
  return place;
};

/** The programs where the server's account can reach them: a copy under /var/lib/trunkline when they are in a private folder. */
export const reachableBinaries = async (found: PostgresBinaries, account: Account | undefined): Promise<PostgresBinaries> => {
  const bin = dirname(found.postgres);
  if (!account || canEnter(account, bin)) return found;
  await openElsewhere();
  const { mtimeMs } = await stat(found.postgres);
  const copy = join(ELSEWHERE, `programs-${Math.trunc(mtimeMs).toString(36)}`);
  if (!(await exists(copy))) {
    const half = await mkdtemp(`${copy}-`);
    await cp(dirname(bin), join(half, 'native'), { recursive: true, verbatimSymlinks: true });
    await rename(join(half, 'native'), copy);
    await rm(half, { recursive: true, force: true });
  }
  return { initdb: join(copy, 'bin', basename(found.initdb)), postgres: join(copy, 'bin', basename(found.postgres)) };
};
