import { HubError, type Acting } from '#contract';
import { asOutage, loadStatement, recordAct, run, type Database } from '#event-log';
import type { MasterKeys } from './master-keys.ts';
import { sealApart } from './own-key.ts';
import { assertSecret, secretContext, storedSecretOf, type SecretRow, type StoredSecret } from './stored-secret.ts';

const SET = loadStatement('set-secret', import.meta.url);
const LIST = loadStatement('list-secrets', import.meta.url);
const REMOVE = loadStatement('remove-secret', import.meta.url);

/** Every method throws `log-unavailable` while the database is away, and `migration-missing` when it is not prepared. */
export type Secrets = {
  /** Stores a secret, or gives it another value. The audit trail says who did, and not what. Throws `validation-failed`. */
  set(name: string, value: string, by: Acting): Promise<StoredSecret>;
  /** By name, without values; at most 10,000. */
  list(): Promise<StoredSecret[]>;
  /** Whoever refers to it is not served from then on. Throws `not-found`. */
  remove(name: string, by: Acting): Promise<StoredSecret>;
};

const told = ({ name, version, keyId }: StoredSecret): Record<string, unknown> => ({ name, version, keyId });

/** The secrets in the database, for those who store them. `keys` is asked for when something is sealed. */
export const openSecrets = (db: Database, keys: () => MasterKeys): Secrets => ({
  set: async (name, value, by) => {
    assertSecret(name, value);
    const { wrappedKey, sealed } = sealApart(keys(), Buffer.from(value), secretContext(name));
    return recordAct(db, 'set-secret', by, async (client) => {
      const [row] = (await run<SecretRow>(client, SET, [name, wrappedKey, sealed, `${by.who.kind}:${by.who.id}`])).rows;
      const result = storedSecretOf(row!);
      return { result, subject: name, changed: told(result) };
    });
  },
  list: async () => {
    try {
      return (await run<SecretRow>(db.pool, LIST, [])).rows.map(storedSecretOf);
    } catch (error) {
      throw asOutage(error);
    }
  },
  remove: (name, by) =>
    recordAct(db, 'remove-secret', by, async (client) => {
      const [row] = (await run<SecretRow>(client, REMOVE, [name])).rows;
      if (row === undefined) throw new HubError('not-found', `There is no stored secret ${name}. See which there are: trunkline secrets list`);
      const result = storedSecretOf(row);
      return { result, subject: name, changed: told(result) };
    }),
});
