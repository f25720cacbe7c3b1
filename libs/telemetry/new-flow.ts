import { correlationIdOf, isUuid, newCorrelationId, parseTraceparent } from '#contract';
import { formatTraceparent } from './format-traceparent.ts';

/** What a new flow is known by. `traceparent` is the caller's own, and absent when it sent none that is valid. */
export type Flow = { correlationId: string; traceparent?: string };

const NIL = '00000000-0000-0000-0000-000000000000';

/**
 * Names the flow that a request begins: by the caller's `traceparent` (W3C Trace Context), else by its
 * `X-Correlation-ID` when that is a UUID, else by a fresh UUIDv7. The correlation id's hex digits are the trace id.
 */
export const newFlow = (from: { traceparent?: string; correlationIdHeader?: string } = {}): Flow => {
  const remote = parseTraceparent(from.traceparent);
  if (remote) {
    const traceparent = formatTraceparent(remote.traceId, remote.spanId, remote.sampled);
    return { correlationId: correlationIdOf(remote.traceId), traceparent };
  }
  const given = from.correlationIdHeader?.toLowerCase();
  if (given !== undefined && given !== NIL && isUuid(given)) return { correlationId: given };
  return { correlationId: newCorrelationId() };
};
