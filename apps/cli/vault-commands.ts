import { drawMasterKey } from '#vault';
import type { CliCommand } from './cli-command.ts';

const runNewKey = (key: string) => ({ lines: [key], data: { id: key.slice(0, key.indexOf(':')), key } });

/** What can be done with the keys that seal things at rest, by name. */
export const VAULT_COMMANDS: Readonly<Record<string, CliCommand>> = {
  'vault new-key': { about: 'Prints a new key for MASTER_KEYS. Needs no database.', run: async () => runNewKey(drawMasterKey(new Date())) },
};
