import { access, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { drawMasterKey } from '#vault';

const given = (env: NodeJS.ProcessEnv): boolean => Boolean(env['MASTER_KEYS'] || env['MASTER_KEYS_FILE']);

/** Where this hub's own master key is, in its data folder. */
export const masterKeysFile = (dataDir: string): string => join(dataDir, 'master-keys');

/** The environment with master keys: those that were given, else the hub's own, which is made the first time. */
export const withMasterKeys = async (env: NodeJS.ProcessEnv, dataDir: string): Promise<NodeJS.ProcessEnv> => {
  if (given(env)) return env;
  const file = masterKeysFile(dataDir);
  const isThere = await access(file).then(() => true, () => false);
  if (!isThere) {
    // Whole or not at all: half a key would be taken for a broken one at the next start.
    await writeFile(`${file}.new`, `${drawMasterKey(new Date())}\n`, { mode: 0o600, flush: true });
    await rename(`${file}.new`, file);
  }
  return { ...env, MASTER_KEYS_FILE: file };
};
