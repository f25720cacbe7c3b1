import { loadConfig } from '#boot';
import { HubError } from '#contract';
import { openDatabase, type Database } from '#event-log';
import { openMasterKeys, type MasterKeys } from '#vault';
import { cliConfig } from './cli.config.ts';

/** What a command does something with. `keys` throws `config-invalid` without MASTER_KEYS: only what seals or opens needs them. */
export type Vault = { database: Database; keys(): MasterKeys };

/** Opens the database, and the master keys when they are asked for, for one piece of work. */
export const withVault = async <T>(env: NodeJS.ProcessEnv | undefined, work: (vault: Vault) => Promise<T>): Promise<T> => {
  const { databaseUrl, masterKeys } = loadConfig(cliConfig, env);
  const database = openDatabase({ url: databaseUrl, applicationName: 'trunkline-cli', role: 'trunkline_operator', max: 1 });
  const keys = (): MasterKeys => {
    if (masterKeys === '') throw new HubError('config-invalid', 'MASTER_KEYS is needed to seal this, and is not set. Set it, or MASTER_KEYS_FILE, to what the rooms have.');
    return openMasterKeys(masterKeys);
  };
  try {
    return await work({ database, keys });
  } finally {
    await database.close();
  }
};
