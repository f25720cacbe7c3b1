import { newCorrelationId, traceIdOf } from '#contract';

type Ids = { traceId: string; spanId: string };

let next: Ids | undefined;

/** A span id: 16 hex digits, never all zero. */
export const randomSpanId = (): string => {
  const half = (): string => Math.floor(Math.random() * 0x1_0000_0000).toString(16).padStart(8, '0');
  return `${half()}${half()}`.replace(/^0{16}$/, '0000000000000001');
};

/** Runs `start`, which must be synchronous; the span that it starts has these ids. */
export const withIds = <T>(ids: Ids, start: () => T): T => {
  next = ids;
  try {
    return start();
  } finally {
    next = undefined;
  }
};

/** The tracing SDK's id generator (its `IdGenerator` interface): the ids that `withIds` gave, else the hex of a fresh UUIDv7 and chance. */
export const flowIds = {
  generateTraceId: (): string => next?.traceId ?? traceIdOf(newCorrelationId()),
  generateSpanId: (): string => next?.spanId ?? randomSpanId(),
};
