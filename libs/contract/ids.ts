import { hash, randomFillSync } from 'node:crypto';

const NAMESPACE = {
  event: '8f1d2c0e-4c1b-5d0a-9a51-6f0f3d9b7a01',
  command: '8f1d2c0e-4c1b-5d0a-9a51-6f0f3d9b7a02',
  outcome: '8f1d2c0e-4c1b-5d0a-9a51-6f0f3d9b7a03',
  schedule: '8f1d2c0e-4c1b-5d0a-9a51-6f0f3d9b7a04',
  operator: '8f1d2c0e-4c1b-5d0a-9a51-6f0f3d9b7a05',
} as const;

const namespaceBytes = Object.fromEntries(
  Object.entries(NAMESPACE).map(([name, uuid]) => [name, Buffer.from(uuid.replaceAll('-', ''), 'hex')]),
) as Record<keyof typeof NAMESPACE, Buffer>;

const dashed = (hex: string): string =>
  `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;

/** UUIDv5 (RFC 9562 §5.5) over length-prefixed parts, so that ("a","bc") and ("ab","c") differ. */
const derive = (kind: keyof typeof NAMESPACE, parts: readonly (string | Buffer)[]): string => {
  const named: Buffer[] = [namespaceBytes[kind]];
  for (const part of parts) {
    if (typeof part === 'string') named.push(Buffer.from(`${Buffer.byteLength(part)}:${part}`));
    else named.push(Buffer.from(`${part.length}:`), part);
  }
  const hex = hash('sha1', Buffer.concat(named), 'hex');
  const variant = '89ab'[Number.parseInt(hex[16]!, 16) & 3];
  return dashed(`${hex.slice(0, 12)}5${hex.slice(13, 16)}${variant}${hex.slice(17, 32)}`);
};

/** An inbound event's id. `identity` is the partner's own event id, else the fields it names, else the raw body. */
export const inboundEventId = (partner: string, integration: string, identity: string | Buffer): string =>
  derive('event', [partner, integration, identity]);

/** A command's id: the same event, route and target always give the same command. */
export const commandId = (eventId: string, route: string, target: string): string => derive('command', [eventId, route, target]);

/** The id of the event that says what an attempt came to. A redriven command counts its attempts on. */
export const outcomeEventId = (command: string, attempt: number): string => derive('outcome', [command, String(attempt)]);

/** The span of an attempt: the first half of its outcome's id, so that whoever knows the attempt can point at its span. */
export const attemptSpanId = (command: string, attempt: number): string => traceIdOf(outcomeEventId(command, attempt)).slice(0, 16);

/** The span in which an event was first published: the second half of its id. */
export const publishSpanId = (eventId: string): string => traceIdOf(eventId).slice(16);

/** A scheduled fire's id: the schedule and the instant (RFC 3339 UTC). */
export const scheduleFireId = (schedule: string, instant: string): string => derive('schedule', [schedule, instant]);

/** The id of an operator's act: what was done, to what, and which time it is. */
export const operatorEventId = (act: string, subject: string, version: number | string): string =>
  derive('operator', [act, subject, String(version)]);

/** Random bytes come from the system in gulps: one call of it per id would cost more than all the rest of the id. */
const gulp = Buffer.alloc(4096);
let drawn = gulp.length;

const takeRandom = (length: number): Buffer => {
  if (drawn + length > gulp.length) {
    randomFillSync(gulp);
    drawn = 0;
  }
  drawn += length;
  return Buffer.from(gulp.subarray(drawn - length, drawn));
};

/** A fresh correlation id, UUIDv7 (RFC 9562 §5.7): sorts by time. */
export const newCorrelationId = (nowMs: number = Date.now()): string => {
  const bytes = takeRandom(16);
  bytes.writeUIntBE(nowMs, 0, 6);
  bytes[6] = (bytes[6]! & 0x0f) | 0x70;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return dashed(bytes.toString('hex'));
};

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const TRACEPARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})/;
const [NO_TRACE, NO_SPAN] = ['0'.repeat(32), '0'.repeat(16)];

export const isUuid = (text: string): boolean => UUID.test(text);

/** The 32 hex digits of a correlation id: the OpenTelemetry trace id of the same flow. */
export const traceIdOf = (id: string): string => id.slice(0, 8) + id.slice(9, 13) + id.slice(14, 18) + id.slice(19, 23) + id.slice(24);

/** The correlation id whose hex digits are this trace id. */
export const correlationIdOf = (traceId: string): string => dashed(traceId);

/** Reads a W3C `traceparent`; undefined when it is not one, or its ids are all zero. */
export const parseTraceparent = (header: string | undefined): { traceId: string; spanId: string; sampled: boolean } | undefined => {
  const match = header === undefined ? null : TRACEPARENT.exec(header);
  if (!match || match[1] === NO_TRACE || match[2] === NO_SPAN) return undefined;
  return { traceId: match[1]!, spanId: match[2]!, sampled: (Number.parseInt(match[3]!, 16) & 1) === 1 };
};
