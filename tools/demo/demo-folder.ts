import { rmSync } from 'node:fs';
import { chmod, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identityOf, isAlive, stopAbandoned, type ProcessIdentity } from '#embedded';

const PREFIX = 'trunkline-demo-';
const OWNER = 'demo.json';

export type DemoFolder = { path: string; remove(): Promise<void> };

const ownerOf = (folder: string): Promise<ProcessIdentity | undefined> =>
  readFile(join(folder, OWNER), 'utf8').then((text) => JSON.parse(text) as ProcessIdentity).catch(() => undefined);

/** Postgres' data lives elsewhere when its account may not enter this folder; `moved-to` says where. */
const removeAll = async (folder: string): Promise<void> => {
  const elsewhere = await readFile(join(folder, 'postgres', 'moved-to'), 'utf8').catch(() => undefined);
  if (elsewhere) await rm(elsewhere, { recursive: true, force: true });
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
};

/** Stops the servers and removes the folders of runs that were killed. */
const sweep = async (): Promise<void> => {
  for (const name of (await readdir(tmpdir())).filter((entry) => entry.startsWith(PREFIX))) {
    const folder = join(tmpdir(), name);
    const owner = await ownerOf(folder);
    if (owner === undefined || isAlive(owner)) continue;
    await Promise.all([stopAbandoned(join(folder, 'postgres')), stopAbandoned(join(folder, 'nats'))]);
    await removeAll(folder);
  }
};

/** A new folder for one run, that another account may enter, as Postgres must when this runs as root. A run that leaves by force takes it along. */
export const makeDemoFolder = async (): Promise<DemoFolder> => {
  await sweep();
  const path = await mkdtemp(join(tmpdir(), PREFIX));
  await chmod(path, 0o755);
  await writeFile(join(path, OWNER), JSON.stringify(identityOf(process.pid)));
  const lastResort = () => rmSync(path, { recursive: true, force: true });
  process.once('exit', lastResort);
  return {
    path,
    remove: async () => {
      await removeAll(path);
      process.off('exit', lastResort);
    },
  };
};
