import type { WebhookRequest } from './webhook-request.ts';

const FIELD = /\{(timestamp|id|body|url|method)\}/;

type Field = 'timestamp' | 'id' | 'body' | 'url' | 'method';

/** One stretch of a signing string: fixed bytes, or a field of the request. */
export type Segment = Buffer | Field;

/** Cuts a signing template such as `v0:{timestamp}:{body}` into its segments. */
export const compileTemplate = (template: string): Segment[] =>
  template
    .split(FIELD)
    .map((part, index): Segment => (index % 2 === 1 ? (part as Field) : Buffer.from(part)))
    .filter((segment) => segment.length > 0);

/** The header values that a signing string may need; text as it came, Latin-1. */
export type SignedFields = { timestamp: string; id: string };

/** The bytes of one segment; text is to be read as Latin-1, which is what came over the wire. */
export const segmentBytes = (segment: Segment, request: WebhookRequest, fields: SignedFields): Buffer | string => {
  switch (segment) {
    case 'body':
      return request.body;
    case 'timestamp':
      return fields.timestamp;
    case 'id':
      return fields.id;
    case 'url':
      return request.url;
    case 'method':
      return request.method;
    default:
      return segment;
  }
};
