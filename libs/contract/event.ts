/** What an event is about; the third token of its subject. */
export const CATEGORIES = ['inbound', 'command', 'sync', 'resource', 'integration', 'schedule', 'operator'] as const;
export type Category = (typeof CATEGORIES)[number];

/** The partner of events about the hub itself. They belong to no tenant, whatever they say. */
export const HUB_PARTNER = 'trunkline';

/** Where an event stands in the log. Readers order by `tx`, then by `position` (see docs/decisions/0002). */
export type LogPosition = { tx: bigint; position: bigint };

/** Whether a place comes before another in the order of readers. */
export const comesBefore = (a: LogPosition, b: LogPosition): boolean => a.tx < b.tx || (a.tx === b.tx && a.position < b.position);

/**
 * A fact that is about to be appended. `data` is the body, byte for byte, in `contentType`.
 * `type` is `<category>.<name…>`, for example `inbound.invoice.paid`.
 * `headers` holds lower-case names: the partner's own that it declares worth keeping, and `CARRIED` ones.
 */
export type NewEvent = {
  id: string;
  type: string;
  partner: string;
  integration: string;
  tenant: string;
  correlationId: string;
  causationId?: string;
  /** RFC 3339 UTC. */
  occurredAt: string;
  schemaVersion: number;
  contentType: string;
  data: Buffer;
  headers: Record<string, string>;
  /** For decisions that depend on state: the stream, and the version that this event becomes (1 is the first). */
  stream?: { name: string; version: number };
};

/** A fact on record. */
export type HubEvent = Omit<NewEvent, 'stream'> & {
  at: LogPosition;
  /** RFC 3339 UTC. */
  recordedAt: string;
};

/** Headers that travel with every event and command of a flow. */
export const CARRIED = { traceparent: 'traceparent', hops: 'trunkline-hops' } as const;

/** How many commands lie between this event and the webhook that began the flow. */
export const hopsOf = (event: { headers: Record<string, string> }): number =>
  Number.parseInt(event.headers[CARRIED.hops] ?? '0', 10) || 0;
