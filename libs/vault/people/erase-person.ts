import { setTimeout as pause } from 'node:timers/promises';
import { HubError, type Acting } from '#contract';
import { loadStatement, recordAct, rfc3339, run, type Database } from '#event-log';
import { PEOPLE_CHANNEL } from './people-channel.ts';

const ERASE = loadStatement('erase-subject', import.meta.url);
const SEEN = loadStatement('is-still-seen', import.meta.url);
const FORGET = loadStatement('forget-identifiers', import.meta.url);

/** When somebody was erased (RFC 3339 UTC), how many identifiers were forgotten, and whether the key is gone from the table's file too. */
export type Erased = { subject: string; at: string; identifiers: number; scoured: boolean };

const filesOf = async (db: Database): Promise<string[]> => {
  const { rows } = await db.pool.query<{ files: string[] }>(`select array[pg_relation_filenode('people.subjects'), pg_relation_filenode('people.subject_identifiers')]::text[] as files`);
  return rows[0]!.files;
};

/** How long to wait for those who still see the tables as they were. */
const [SEEN_EVERY_MS, SEEN_FOR_MS] = [50, 10_000];

/** Whether somebody's statement still sees what the transaction `tx` removed, which keeps it in the file. Sees other sessions only with `pg_read_all_stats`. */
const isSeen = async (db: Database, tx: string): Promise<boolean> => (await run<{ seen: boolean }>(db.pool, SEEN, [tx])).rows[0]!.seen;

const untilUnseen = async (db: Database, tx: string, forMs: number): Promise<boolean> => {
  const deadlineMs = performance.now() + forMs;
  while (await isSeen(db, tx)) {
    if (performance.now() >= deadlineMs) return false;
    await pause(SEEN_EVERY_MS);
  }
  return true;
};

/**
 * Writes the two tables anew, so that no bytes of a removed key are left in their files. False where the server does not let the
 * services do it (before Postgres 17), or where somebody reads or holds the tables for too long: the owner runs it then.
 */
const scour = async (db: Database, tx: string, forMs: number): Promise<boolean> => {
  try {
    const before = await filesOf(db);
    const isUnseen = await untilUnseen(db, tx, forMs);
    // Whoever may not is warned and passed over, without an error.
    await (db.bare ?? db.pool).query('vacuum (full) people.subjects, people.subject_identifiers');
    const after = await filesOf(db);
    return isUnseen && after.every((file) => !before.includes(file));
  } catch {
    return false;
  }
};

/**
 * Erases a person: their key and identifiers are removed in one transaction with a record on the audit trail, and everywhere their
 * events and commands cannot be opened any more; rooms that hold the key are told to drop it. For good. Waits at most `seenForMs`
 * for transactions that still see the key, wherever in the cluster they run, before its bytes are removed. Throws `not-found`.
 */
export const erasePerson = async (db: Database, subject: string, by: Acting, seenForMs = SEEN_FOR_MS): Promise<Erased> => {
  let tx = '';
  const erased = await recordAct(db, 'erase-person', by, async (client) => {
    const [row] = (await run<{ erased_at: string }>(client, ERASE, [subject])).rows;
    if (row === undefined) throw new HubError('not-found', `There is no person ${subject} to erase. See whether there was: trunkline people find ${subject}`);
    const { rowCount } = await run(client, FORGET, [subject]);
    tx = (await client.query<{ tx: string }>('select pg_current_xact_id()::text as tx')).rows[0]!.tx;
    await client.query('select pg_notify($1, $2)', [PEOPLE_CHANNEL, subject]);
    const result = { subject, at: rfc3339(row.erased_at), identifiers: rowCount ?? 0 };
    return { result, subject, changed: { identifiers: result.identifiers } };
  });
  return { ...erased, scoured: await scour(db, tx, seenForMs) };
};
