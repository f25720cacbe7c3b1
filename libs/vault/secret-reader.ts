import { HubError, isHubError } from '#contract';
import { asOutage, loadStatement, run, type Database } from '#event-log';
import type { MasterKeys } from './master-keys.ts';
import { openApart, type SealedApart } from './own-key.ts';
import { secretContext } from './stored-secret.ts';

const STATE = loadStatement('find-secrets-state', import.meta.url);
const READ = loadStatement('read-secrets', import.meta.url);

/** Stored secrets, for rooms that use them. They stay sealed in memory; each is opened when it is asked for. */
export type SecretReader = {
  /** The value of a secret, or what keeps us from it, in words that name it. Neither: it is not stored. Costs no query. */
  find(name: string): { value?: string; problem?: string };
  /** Whether any secret may have another value, or can be opened now, since the last look. Never throws: while the vault is away, what is known stays. */
  look(): Promise<boolean>;
};

type Row = { name: string; wrapped_key: Buffer; sealed: Buffer };

const notYet = (name: string, error: unknown): { problem: string } => ({ problem: `the stored secret ${name} could not be read yet: ${(error as Error).message}` });

const openOne = (keys: MasterKeys, name: string, sealed: SealedApart): { value?: string; problem?: string } => {
  try {
    return { value: openApart(keys, sealed, secretContext(name)).toString('utf8') };
  } catch (error) {
    if (!isHubError(error, 'sealed-unreadable')) throw error;
    const again = `give that key back to MASTER_KEYS, or store the secret anew: trunkline secrets set ${name}`;
    return { problem: `the stored secret ${name} cannot be opened (${error.message.replace(/^[^:]*: |\.$/g, '')}); ${again}` };
  }
};

/** Reads stored secrets. Nothing is known before the first `look`. */
export const openSecretReader = (db: Database, keys: MasterKeys): SecretReader => {
  let known = new Map<string, SealedApart>();
  let state: string | undefined;
  let failed: unknown = new HubError('not-ready', 'nobody has looked');
  let shut = new Set<string>();

  const read = async (): Promise<boolean> => {
    const [row] = (await run<{ state: string }>(db.pool, STATE, [])).rows;
    if (row!.state === state) return false;
    const { rows } = await run<Row>(db.pool, READ, []);
    known = new Map(rows.map(({ name, wrapped_key: wrappedKey, sealed }) => [name, { wrappedKey, sealed }]));
    // A change between the two questions is seen at the next look.
    [state, failed] = [row!.state, undefined];
    return true;
  };
  const opensNow = (): boolean => [...shut].some((name) => known.has(name) && openOne(keys, name, known.get(name)!).value !== undefined);
  return {
    find: (name) => {
      if (state === undefined) return notYet(name, failed);
      const sealed = known.get(name);
      const found = sealed === undefined ? {} : openOne(keys, name, sealed);
      if (found.problem === undefined) shut.delete(name);
      else shut.add(name);
      return found;
    },
    look: async () => {
      try {
        const changed = (await read()) || opensNow();
        if (changed) shut = new Set();
        return changed;
      } catch (error) {
        failed = asOutage(error);
        return false;
      }
    },
  };
};
