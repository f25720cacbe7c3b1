import { createHash } from 'node:crypto';
import type { Principal } from '#contract';
import { rfc3339 } from './tables.ts';

/** The stream whose versions are the audit trail's order. */
export const AUDIT_STREAM = 'audit';

/** What stands before the first record. */
export const NOTHING_BEFORE = '0'.repeat(64);

/** What an operator can do, and what the keeper does because a manifest says so. */
export type ActName =
  | 'apply-manifest' | 'redrive' | 'create-key' | 'revoke-key' | 'set-secret' | 'remove-secret' | 'rotate-vault' | 'drop-segment' | 'erase-person' | 'export-person' | 'suppress' | 'allow';

/** The data of an `operator.acted` event: who did what from where, what changed, and the SHA-256 of the record before it. */
export type AuditData = {
  act: ActName;
  who: Pick<Principal, 'kind' | 'id' | 'name'>;
  from: string;
  /** What it was done to. */
  subject: string;
  changed: Record<string, unknown>;
  /** The fact on the log that came of it, if there is one, with its SHA-256. */
  fact?: { id: string; sha256: string };
  previous: string;
};

/** An event as it stands in the database, with text as it is written there. */
export type RecordRow = {
  id: string;
  type: string;
  partner: string;
  integration: string;
  tenant: string;
  correlation_id: string;
  causation_id: string | null;
  occurred_at: string;
  recorded_at: string;
  schema_version: number;
  content_type: string;
  headers: string;
  data: Buffer;
  stream: string | null;
  stream_version: number | null;
};

/** The SHA-256, in hex, of everything that is on record of an event: a JSON array of its columns, the body in base64. */
export const digestOf = (row: RecordRow): string => {
  const columns = [
    row.id, row.type, row.partner, row.integration, row.tenant, row.correlation_id, row.causation_id, row.occurred_at, row.recorded_at,
    row.schema_version, row.content_type, row.headers, row.stream, row.stream_version, row.data.toString('base64'),
  ];
  return createHash('sha256').update(JSON.stringify(columns)).digest('hex');
};

/** One record of the audit trail. `hash` is what the next one says came before it. */
export type AuditRecord = AuditData & { version: number; id: string; at: string; hash: string };

/** What a record says; undefined when it cannot be read any more. */
export const readAuditData = (row: RecordRow): AuditData | undefined => {
  try {
    const data = JSON.parse(row.data.toString('utf8')) as AuditData;
    return typeof data?.previous === 'string' ? data : undefined;
  } catch {
    return undefined;
  }
};

/** A row of the trail as a record; one that cannot be read says nothing but where it stands. */
export const auditRecordOf = (row: RecordRow): Partial<AuditData> & Pick<AuditRecord, 'version' | 'id' | 'at' | 'hash'> => ({
  version: row.stream_version ?? 0, id: row.id, at: rfc3339(row.recorded_at), ...readAuditData(row), hash: digestOf(row),
});
