import { auditRecordOf, digestOf, NOTHING_BEFORE, readAuditData, type AuditRecord, type RecordRow } from './audit-record.ts';
import type { Database } from './database.ts';
import { asOutage } from './outages.ts';
import { loadStatement, run } from './statement.ts';

const LIST = loadStatement('list-records', import.meta.url);
const RECORD = loadStatement('find-record', import.meta.url);
const AT_ONCE = 500;

/** The end of the trail: its newest record and that one's hash. Kept elsewhere, it proves later that nothing before it was changed or cut off. */
export type AuditHead = { version: number; hash: string };

/** `records` is how many hold; `broken` names the first link that does not. */
export type AuditVerdict = { records: number; head: AuditHead; broken?: { version: number; id?: string; why: string } };

const rowsAfter = async (db: Database, version: number): Promise<RecordRow[]> => {
  try {
    return (await run<RecordRow>(db.pool, LIST, [version, AT_ONCE])).rows;
  } catch (error) {
    throw asOutage(error);
  }
};

async function* rowsOf(db: Database): AsyncGenerator<RecordRow> {
  for (let after = 0; ; ) {
    const rows = await rowsAfter(db, after);
    yield* rows;
    if (rows.length < AT_ONCE) return;
    after = rows.at(-1)!.stream_version!;
  }
}

/** The whole audit trail, oldest first. */
export const readAudit = async (db: Database): Promise<Partial<AuditRecord>[]> => {
  const records = [];
  for await (const row of rowsOf(db)) records.push(auditRecordOf(row));
  return records;
};

type Link = { version: number; hash: string; id?: string };

/** What is wrong between a record and the one before it, if anything is. */
const faultOf = async (db: Database, row: RecordRow, before: Link): Promise<AuditVerdict['broken']> => {
  const version = before.version + 1;
  if (row.stream_version !== version) return { version, why: `Record ${version} is missing: after record ${before.version} comes record ${row.stream_version}.` };
  const data = readAuditData(row);
  if (data === undefined) return { version, id: row.id, why: `Record ${version} (${row.id}) cannot be read any more.` };
  if (data.previous !== before.hash) {
    if (before.id === undefined) return { version, id: row.id, why: `Record 1 (${row.id}) says that something came before it.` };
    return { version: before.version, id: before.id, why: `Record ${before.version} (${before.id}) is not what record ${version} says came before it: one of the two was changed.` };
  }
  if (data.fact === undefined) return undefined;
  const fact = (await run<RecordRow>(db.pool, RECORD, [data.fact.id])).rows[0];
  if (fact !== undefined && digestOf(fact) === data.fact.sha256) return undefined;
  return { version, id: row.id, why: `The event ${data.fact.id}, which record ${version} speaks of, ${fact === undefined ? 'is gone' : 'was changed'}.` };
};

const headFault = (given: AuditHead | undefined, at: Link, isOver: boolean): AuditVerdict['broken'] => {
  if (given === undefined) return undefined;
  if (at.version === given.version && at.hash !== given.hash) return { version: at.version, id: at.id, why: `Record ${at.version} (${at.id}) is not the one that was noted as the head.` };
  if (isOver && at.version < given.version) return { version: at.version + 1, why: `The trail ends at record ${at.version}; the head that was noted is record ${given.version}.` };
  return undefined;
};

/**
 * Checks each link of the audit trail, and that the facts which it speaks of are as they were. Changing or removing any record but the
 * newest breaks the next one's link. `head`, as an earlier check gave it, also proves that the end was not cut off or the whole written anew.
 */
export const verifyAudit = async (db: Database, head?: AuditHead): Promise<AuditVerdict> => {
  let at: Link = { version: 0, hash: NOTHING_BEFORE };
  for await (const row of rowsOf(db)) {
    const fault = await faultOf(db, row, at);
    const next = { version: row.stream_version!, hash: digestOf(row), id: row.id };
    const broken = fault ?? headFault(head, next, false);
    if (broken !== undefined) return { records: broken.version - 1, head: { version: at.version, hash: at.hash }, broken };
    at = next;
  }
  return { records: at.version, head: { version: at.version, hash: at.hash }, broken: headFault(head, at, true) };
};
