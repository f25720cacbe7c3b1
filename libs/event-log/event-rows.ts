import type { HubEvent, LogPosition, NewEvent } from '#contract';
import { rfc3339, type EventRow } from './tables.ts';

/** The columns that every read of whole events selects. */
export type ReadRow = Omit<EventRow, 'stream' | 'stream_version' | 'tx' | 'position' | 'recorded_at'> & {
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

/** Events as one array per column, in the order of `append-events.sql`. */
export const toColumns = (events: readonly NewEvent[]): unknown[] => [
  events.map((event) => event.id),
  events.map((event) => event.type),
  events.map((event) => event.partner),
  events.map((event) => event.integration),
  events.map((event) => event.tenant),
  events.map((event) => event.correlationId),
  events.map((event) => event.causationId ?? null),
  events.map((event) => event.occurredAt),
  events.map((event) => event.schemaVersion),
  events.map((event) => event.contentType),
  events.map((event) => event.data),
  events.map((event) => JSON.stringify(event.headers)),
];
