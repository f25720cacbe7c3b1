import { randomFillSync } from 'node:crypto';
import { newCorrelationId, traceIdOf } from '#contract';

type Ids = { traceId: string; spanId: string };

let next: Ids | undefined;

const BYTES = 8;
const NONE = '0'.repeat(2 * BYTES);

/** Random bytes come from the system in gulps: numbers as hex digits would cost more than all the rest of a span. */
const gulp = Buffer.alloc(512 * BYTES);
let drawn = gulp.length;

/** A span id: 16 hex digits, never all zero. */
export const randomSpanId = (): string => {
  if (drawn === gulp.length) {
    randomFillSync(gulp);
    drawn = 0;
  }
  const id = gulp.toString('hex', drawn, (drawn += BYTES));
  return id === NONE ? randomSpanId() : id;
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
