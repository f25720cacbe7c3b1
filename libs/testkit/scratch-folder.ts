import { chmod, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { identityOf, isAlive, stopAbandoned, type ProcessIdentity } from '#embedded';

/** Everything that tests put on disk is below this folder, one per user, so that the next run can sweep what a killed one left. */
const PARENT = join(tmpdir(), `trunkline-test-${process.getuid?.() ?? 0}`);
const OWNER = 'scratch.json';

/** A new folder that another account may enter, as Postgres must when the tests run as root. The caller removes it. */
export const scratchFolder = async (name: string): Promise<string> => {
  await mkdir(PARENT, { recursive: true });
  const folder = await mkdtemp(join(PARENT, `${name}-`));
  await chmod(folder, 0o755);
  await writeFile(join(folder, OWNER), JSON.stringify(identityOf(process.pid)));
  return folder;
};

const isAbandoned = async (folder: string): Promise<boolean> => {
  const owner = await readFile(join(folder, OWNER), 'utf8').then((text) => JSON.parse(text) as ProcessIdentity).catch(() => undefined);
  return owner !== undefined && !isAlive(owner);
};

/** Stops the servers and removes the folders of test runs that were killed. */
export const sweepScratch = async (): Promise<void> => {
  for (const name of await readdir(PARENT).catch(() => [])) {
    const folder = join(PARENT, name);
    if (!(await isAbandoned(folder))) continue;
    const files = await readdir(folder, { recursive: true });
    await Promise.all(files.filter((file) => file.endsWith('owner.json')).map((file) => stopAbandoned(join(folder, dirname(file)))));
    await rm(folder, { recursive: true, force: true });
  }
};
