import type { HubEvent, LogPosition, NewEvent } from '#contract';
import { byteaArray } from './bytea-array.ts';
import { rfc3339, type EventRow } from './tables.ts';

/** The columns that every read of whole events selects. */
export type ReadRow = Omit<EventRow, 'stream' | 'stream_version' | 'tx' | 'position' | 'recorded_at' | 'segment'> & {
  tx: string;
  position: string;
  recorded_at: string;
};

export const positionOf = (row: { tx: string; position: string }): LogPosition => ({ tx: BigInt(row.tx), position: BigInt(row.position) });

/** A row of the log as an event. */
export const toEvent = (row: ReadRow): HubEvent => ({
  id: row.id,
  type: row.type,
  partner: row.partner,
  integration: row.integration,
  tenant: row.tenant,
  correlationId: row.correlation_id,
  causationId: row.causation_id ?? undefined,
  occurredAt: rfc3339(row.occurred_at),
  recordedAt: rfc3339(row.recorded_at),
  schemaVersion: row.schema_version,
  contentType: row.content_type,
  data: row.data,
  headers: row.headers,
  at: positionOf(row),
});

const data = (event: NewEvent): Uint8Array => event.data;

/** What is written of an event, in the order of `append-events.sql`. */
const COLUMNS: ((event: NewEvent) => unknown)[] = [
  (event) => event.id,
  (event) => event.type,
  (event) => event.partner,
  (event) => event.integration,
  (event) => event.tenant,
  (event) => event.correlationId,
  (event) => event.causationId ?? null,
  (event) => event.occurredAt,
  (event) => event.schemaVersion,
  (event) => event.contentType,
  data,
  (event) => JSON.stringify(event.headers),
];

/** One event as one value per column. */
export const toRow = (event: NewEvent): unknown[] => COLUMNS.map((column) => column(event));

/** Events as one array per column. */
export const toColumns = (events: readonly NewEvent[]): unknown[] =>
  COLUMNS.map((column) => (column === data ? byteaArray(events.map(data)) : events.map(column)));
