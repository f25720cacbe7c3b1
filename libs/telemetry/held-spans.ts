import type { SpanRecord } from './span-record.ts';

/** The last so many spans, found by their trace. */
export type HeldSpans = {
  /** Takes a span, and answers the one that it displaces, unless that was taken out. */
  put(span: SpanRecord): SpanRecord | undefined;
  /** Takes out what is held of a trace, oldest first. */
  take(traceId: string): SpanRecord[];
  /** Gives up everything, and answers how many spans that were. */
  clear(): number;
};

/** Three hex digits, and the last ones: the first are the time in ids of ours. */
const SHELVES = 4_096;
const shelfOf = (traceId: string): number => Number.parseInt(traceId.slice(-3), 16);

/**
 * Spans in the order in which they came, each with the place of the one before it on its shelf. Nothing is ever deleted: a place that
 * was given to another span is older than all that are held. A map by trace costs several times as much, most of it for its deletions (docs/decisions/0051).
 */
export const holdSpans = (most: number): HeldSpans => {
  const slots: (SpanRecord | undefined)[] = [];
  const newest = new Float64Array(SHELVES).fill(-1);
  const before: number[] = [];
  let next = 0;
  return {
    put: (span) => {
      if (most === 0) return span;
      const [slot, shelf] = [next % most, shelfOf(span.traceId)];
      const displaced = slots[slot];
      slots[slot] = span;
      before[slot] = newest[shelf]!;
      newest[shelf] = next;
      next += 1;
      return displaced;
    },
    take: (traceId) => {
      const taken: SpanRecord[] = [];
      const oldest = Math.max(0, next - most);
      for (let place = newest[shelfOf(traceId)]!; place >= oldest; place = before[place % most]!) {
        const span = slots[place % most];
        if (span?.traceId !== traceId) continue;
        taken.push(span);
        slots[place % most] = undefined;
      }
      return taken.reverse();
    },
    clear: () => {
      const held = slots.filter((span) => span !== undefined).length;
      slots.length = 0;
      newest.fill(-1);
      return held;
    },
  };
};
