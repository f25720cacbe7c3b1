import { newCorrelationId, traceIdOf } from '#contract';

let nextTraceId: string | undefined;

/** A span id: 16 hex digits, never all zero. */
export const randomSpanId = (): string => {
  const half = (): string => Math.floor(Math.random() * 0x1_0000_0000).toString(16).padStart(8, '0');
  return `${half()}${half()}`.replace(/^0{16}$/, '0000000000000001');
};

/** Runs `start`, which must be synchronous; the root span that it starts belongs to `traceId`. */
export const withTraceId = <T>(traceId: string | undefined, start: () => T): T => {
  nextTraceId = traceId;
  try {
    return start();
  } finally {
    nextTraceId = undefined;
  }
};

/**
 * The tracing SDK's id generator (its `IdGenerator` interface). A trace id is always the hex of a correlation id:
 * the one that `withTraceId` gave, else a fresh UUIDv7.
 */
export const flowIds = {
  generateTraceId: (): string => nextTraceId ?? traceIdOf(newCorrelationId()),
  generateSpanId: randomSpanId,
};
