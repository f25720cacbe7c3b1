import { asOutage, byteaArray, loadStatement, rfc3339, run, type Database, type Runner } from '#event-log';
import { KEY_BELIEVED_MS } from './held-keys.ts';
import type { HashedIdentifier } from './identifier-hash.ts';
import { PEOPLE_CHANNEL } from './people-channel.ts';

const FIND = loadStatement('find-suppressed', import.meta.url);
const ANY = loadStatement('any-suppressed', import.meta.url);
const SET = loadStatement('set-suppression', import.meta.url);
const SHOW = loadStatement('find-suppression', import.meta.url);

export type SuppressionState = 'suppressed' | 'allowed';

/** Whether somebody wants messages, since when (RFC 3339 UTC), and who said so: `event:<id>`, or `<kind>:<id>` of an operator. */
export type Suppression = { state: SuppressionState; since: string; source: string };

/** What somebody says about messages; `since` is the moment that it counts from, now when it is not given. */
export type SuppressionOrder = { identifier: HashedIdentifier; tenant: string; state: SuppressionState; since?: string; source: string };

/** What a room that heard of a change calls on to look again. */
export const SUPPRESSIONS_CHANGED = 'suppressions';

/** Puts down what somebody says about messages, unless something newer was said. Tells whether it counts. */
export const setSuppression = async (on: Runner, { identifier, tenant, state, since, source }: SuppressionOrder): Promise<boolean> => {
  const { rowCount } = await run(on, SET, [identifier.hash, tenant, identifier.kind, state, since ?? null, source]);
  await on.query('select pg_notify($1, $2)', [PEOPLE_CHANNEL, SUPPRESSIONS_CHANGED]);
  return rowCount === 1;
};

/** What was said last; undefined when nothing ever was. Throws `log-unavailable`. */
export const findSuppression = async (db: Database, { hash }: HashedIdentifier): Promise<Suppression | undefined> => {
  try {
    const [row] = (await run<Suppression>(db.pool, SHOW, [hash])).rows;
    return row && { ...row, since: rfc3339(row.since) };
  } catch (error) {
    throw asOutage(error);
  }
};

/**
 * Checks recipients against the list. That nobody at all is on it is believed for 5 seconds, or until a change is heard of, so that an
 * empty list costs nothing; otherwise the list is asked each time.
 */
export const openSuppressionCheck = (db: Database, nowMs: () => number) => {
  let emptyUntilMs = 0;
  let changes = 0;
  const isEmpty = async (): Promise<boolean> => {
    if (nowMs() < emptyUntilMs) return true;
    const before = changes;
    const [row] = (await run<{ any: boolean }>(db.pool, ANY, [])).rows;
    if (row!.any) return false;
    if (changes === before) emptyUntilMs = nowMs() + KEY_BELIEVED_MS;
    return true;
  };
  return {
    /** The kind of the first identifier that is on the list. Throws `log-unavailable`. */
    suppressed: async (identifiers: readonly HashedIdentifier[]): Promise<string | undefined> => {
      try {
        if (await isEmpty()) return undefined;
        return (await run<{ kind: string }>(db.pool, FIND, [byteaArray(identifiers.map(({ hash }) => hash))])).rows[0]?.kind;
      } catch (error) {
        throw asOutage(error);
      }
    },
    changed: (): void => {
      changes += 1;
      emptyUntilMs = 0;
    },
  };
};
