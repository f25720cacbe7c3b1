import { chmod, mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { claimFolder } from '#embedded';

/** Everything that tests put on disk is below this folder, one per user, so that the next run can sweep what a killed one left. */
export const scratchParent = (): string => join(tmpdir(), `trunkline-test-${process.getuid?.() ?? 0}`);

/** A new folder that another account may enter, as Postgres must when the tests run as root. The caller removes it. */
export const scratchFolder = async (name: string): Promise<string> => {
  await mkdir(scratchParent(), { recursive: true });
  const folder = await mkdtemp(join(scratchParent(), `${name}-`));
  await chmod(folder, 0o755);
  await claimFolder(folder);
  return folder;
};
