import type { HubEvent } from '#contract';
import { rfc3339, type EventRow } from '#event-log';
import type { Selectable } from 'kysely';

/** What an event is made of, beside its body. */
export const EVENT_COLUMNS = [
  'tx', 'position', 'id', 'type', 'partner', 'integration', 'tenant', 'correlation_id', 'causation_id', 'occurred_at', 'recorded_at', 'schema_version', 'content_type', 'headers',
] as const;

/** A row of the log as an event, without its body. */
export const eventOf = (row: Pick<Selectable<EventRow>, (typeof EVENT_COLUMNS)[number]>): Omit<HubEvent, 'data'> => ({
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
  headers: row.headers,
  at: { tx: BigInt(row.tx), position: BigInt(row.position) },
});
