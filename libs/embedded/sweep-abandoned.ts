import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isAbandoned, stopAbandoned } from './folder-claim.ts';

/** Stops the servers and removes the folders below `parent` whose owner died without cleaning up. */
export const sweepAbandoned = async (parent: string): Promise<void> => {
  const names = await readdir(parent).catch(() => []);
  for (const name of names) {
    const dir = join(parent, name);
    if (!(await isAbandoned(dir))) continue;
    await stopAbandoned(dir);
    await rm(dir, { recursive: true, force: true });
  }
};
