import { HUB_PARTNER, newCorrelationId, operatorEventId, type Acting, type NewEvent } from '#contract';
import { appendVersion } from './append-version.ts';
import { AUDIT_STREAM, digestOf, NOTHING_BEFORE, type ActName, type AuditData, type RecordRow } from './audit-record.ts';
import type { Database } from './database.ts';
import { inTransaction } from './in-transaction.ts';
import { asOutage } from './outages.ts';
import { loadStatement, run, type Runner } from './statement.ts';
import { LIFT_SCOPE } from './tenant-scope.ts';

const LAST = loadStatement('find-last-record', import.meta.url);
const RECORD = loadStatement('find-record', import.meta.url);

/** What an act did: its result for the caller, and what goes on record. `factId` is the event that it appended, if it did. */
export type Done<T> = { result: T; subject: string; changed: Record<string, unknown>; factId?: string };

const sayWho = ({ who: { kind, id, name }, from }: Acting): Pick<AuditData, 'who' | 'from'> => ({ who: { kind, id, name }, from });

type Versioned = NewEvent & { stream: { name: string; version: number } };

const recordEvent = (data: AuditData, version: number, now: Date): Versioned => ({
  id: operatorEventId('audit', data.previous, version),
  type: 'operator.acted',
  partner: HUB_PARTNER,
  integration: 'hub',
  tenant: 'default',
  correlationId: newCorrelationId(now.getTime()),
  causationId: data.fact?.id,
  occurredAt: now.toISOString(),
  schemaVersion: 1,
  contentType: 'application/json',
  data: Buffer.from(JSON.stringify(data)),
  headers: {},
  stream: { name: AUDIT_STREAM, version },
});

const appendRecord = async (client: Runner, act: ActName, by: Acting, done: Done<unknown>): Promise<void> => {
  const last = (await run<RecordRow>(client, LAST, [])).rows[0];
  const fact = done.factId === undefined ? undefined : (await run<RecordRow>(client, RECORD, [done.factId])).rows[0];
  const data: AuditData = {
    act,
    ...sayWho(by),
    subject: done.subject,
    changed: done.changed,
    fact: fact && { id: fact.id, sha256: digestOf(fact) },
    previous: last === undefined ? NOTHING_BEFORE : digestOf(last),
  };
  const version = (last?.stream_version ?? 0) + 1;
  await appendVersion(client, recordEvent(data, version, new Date()));
};

/**
 * Does what an operator asks and puts it on the audit trail: both or neither. Acts wait for each other, so that each record can
 * carry the SHA-256 of the one before it; a record that another writer put in between would break the stream's order and is refused
 * by its unique index. Throws what `work` throws, and `log-unavailable`.
 */
export const recordAct = async <T>(db: Database, act: ActName, by: Acting, work: (client: Runner) => Promise<Done<T>>): Promise<T> => {
  try {
    return await inTransaction(db, async (client) => {
      // An advisory lock takes no transaction id, so waiting for it holds no reader of the log back.
      await client.query(`select pg_advisory_xact_lock(hashtext('trunkline audit'))`);
      const done = await work(client);
      // The trail belongs to the hub, whosever the act was.
      await client.query(LIFT_SCOPE);
      await appendRecord(client, act, by, done);
      return done.result;
    });
  } catch (error) {
    throw asOutage(error);
  }
};
