import { isHubError } from '#contract';
import { asOutage, loadStatement, run, type Database } from '#event-log';
import type { MasterKeys } from './master-keys.ts';
import { openApart, sealApart } from './own-key.ts';

const FIND = loadStatement('find-token', import.meta.url);
const KEEP = loadStatement('keep-token', import.meta.url);

/** What a token endpoint gave. Instants are in ms since the epoch; without `expiresAtMs` nobody said how long it is good. */
export type Token = { accessToken: string; refreshToken?: string; obtainedAtMs: number; expiresAtMs?: number };

/** The token that was kept last for an account, for the grant with this hash (32 bytes). Without `token`, it cannot be opened, and `problem` says why. */
export type KeptToken = { grantHash: Buffer; version: number; token?: Token; problem?: string };

/** Every method throws `log-unavailable` while the database is away, and `migration-missing` when it is not prepared. */
export type TokenStore = {
  find(account: string): Promise<KeptToken | undefined>;
  /** Seals and keeps a token in place of the last one; answers its version. */
  keep(account: string, grantHash: Buffer, token: Token): Promise<number>;
  /** Does work while no other process does so for the same account. Waits for it at most `withinMs`. */
  alone<T>(account: string, withinMs: number, work: () => Promise<T>): Promise<T>;
};

/** What a token is sealed for. */
export const tokenContext = (account: string): string => `token:${account}`;

type Row = { grant_hash: Buffer; version: number; wrapped_key: Buffer; sealed: Buffer };

const opened = (keys: MasterKeys, account: string, { grant_hash: grantHash, version, wrapped_key: wrappedKey, sealed }: Row): KeptToken => {
  try {
    return { grantHash, version, token: JSON.parse(openApart(keys, { wrappedKey, sealed }, tokenContext(account)).toString('utf8')) as Token };
  } catch (error) {
    if (!isHubError(error, 'sealed-unreadable')) throw error;
    return { grantHash, version, problem: error.message };
  }
};

/**
 * The lock is held on a connection of its own without a transaction: it outlives none of its holders, takes no transaction id, and so
 * holds no reader of the log back for as long as a partner takes to answer.
 */
const aloneOn = async <T>(db: Database, account: string, withinMs: number, work: () => Promise<T>): Promise<T> => {
  const client = await db.connect().catch((error: unknown) => {
    throw asOutage(error);
  });
  try {
    try {
      await client.query(`set statement_timeout = ${Math.ceil(withinMs)}`);
      await client.query('select pg_advisory_lock(hashtext($1), hashtext($2))', ['trunkline oauth token', account]);
    } catch (error) {
      throw asOutage(error);
    }
    return await work();
  } finally {
    // Ending the connection gives the lock back, whatever happened.
    await client.end().catch(() => undefined);
  }
};

/** The tokens in the database, shared by all processes. */
export const openTokenStore = (db: Database, keys: MasterKeys): TokenStore => {
  const ask = async <R extends object>(statement: typeof FIND, values: unknown[]): Promise<R[]> => {
    try {
      return (await run<R>(db.pool, statement, values)).rows;
    } catch (error) {
      throw asOutage(error);
    }
  };
  return {
    find: async (account) => {
      const [row] = await ask<Row>(FIND, [account]);
      return row && opened(keys, account, row);
    },
    keep: async (account, grantHash, token) => {
      const { wrappedKey, sealed } = sealApart(keys, Buffer.from(JSON.stringify(token)), tokenContext(account));
      const [row] = await ask<{ version: number }>(KEEP, [account, grantHash, wrappedKey, sealed]);
      return row!.version;
    },
    alone: (account, withinMs, work) => aloneOn(db, account, withinMs, work),
  };
};
