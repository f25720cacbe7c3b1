import { HubError, type Acting } from '#contract';
import { asOutage, loadStatement, recordAct, run, type Database, type Runner, type Statement } from '#event-log';
import { apiKeyOf, assertOrder, type ApiKey, type KeyOrder, type KeyRow } from './api-key.ts';
import { drawKey } from './key-text.ts';

const INSERT = loadStatement('insert-api-key', import.meta.url);
const FIND = loadStatement('find-api-key', import.meta.url);
const LIST = loadStatement('list-api-keys', import.meta.url);
const REVOKE = loadStatement('revoke-api-key', import.meta.url);
const NOTE_USE = loadStatement('note-key-use', import.meta.url);

/** A key with what its secret is compared by. */
export type StoredKey = ApiKey & { secretHash: Buffer };

/** Every method throws `log-unavailable` while the database is away, and `migration-missing` when it is not prepared. */
export type ApiKeys = {
  /** `text` is the key itself, which nobody can find out again. The audit trail says who made it. Throws `validation-failed`. */
  create(order: KeyOrder, by: Acting): Promise<{ key: ApiKey; text: string }>;
  /** The newest first, revoked and expired ones included; at most 1,000. */
  list(): Promise<ApiKey[]>;
  /** Says when it was revoked first. The audit trail says by whom, each time. Throws `not-found`. */
  revoke(id: string, by: Acting): Promise<ApiKey>;
  find(id: string): Promise<StoredKey | undefined>;
  /** Puts down that a key was used, at most once a minute. */
  noteUse(id: string): Promise<void>;
};

const changed = async (on: Runner, statement: Statement, values: unknown[]): Promise<KeyRow> => {
  const [row] = (await run<KeyRow>(on, statement, values)).rows;
  if (row === undefined) throw new HubError('not-found', `There is no key ${String(values[0])}. See which there are: trunkline keys list`);
  return row;
};

/** The keys in the database. `now` tells which expiry lies in the future. */
export const openApiKeys = (db: Database, now: () => Date = () => new Date()): ApiKeys => {
  const ask = async <Row extends KeyRow>(statement: Statement, values: unknown[]): Promise<Row[]> => {
    try {
      return (await run<Row>(db.pool, statement, values)).rows;
    } catch (error) {
      throw asOutage(error);
    }
  };
  return {
    create: async (order, by) => {
      assertOrder(order, now());
      const { id, text, secretHash } = drawKey();
      const values = [id, secretHash, order.name.trim(), [...new Set(order.scopes)], order.tenant ?? null, `${by.who.kind}:${by.who.id}`, order.expiresAt ?? null];
      const key = await recordAct(db, 'create-key', by, async (client) => {
        const made = apiKeyOf(await changed(client, INSERT, values));
        return { result: made, subject: id, changed: { name: made.name, scopes: made.scopes, tenant: made.tenant ?? null, expiresAt: made.expiresAt ?? null } };
      });
      return { key, text };
    },
    list: async () => (await ask(LIST, [])).map(apiKeyOf),
    revoke: (id, by) =>
      recordAct(db, 'revoke-key', by, async (client) => {
        const key = apiKeyOf(await changed(client, REVOKE, [id]));
        return { result: key, subject: id, changed: { name: key.name, revokedAt: key.revokedAt } };
      }),
    find: async (id) => {
      const [row] = await ask<KeyRow & { secret_hash: Buffer }>(FIND, [id]);
      return row && { ...apiKeyOf(row), secretHash: row.secret_hash };
    },
    noteUse: async (id) => void (await ask(NOTE_USE, [id])),
  };
};
