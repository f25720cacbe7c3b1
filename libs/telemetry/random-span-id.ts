import { randomFillSync } from 'node:crypto';

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
