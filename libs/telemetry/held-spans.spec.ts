import { expect, it } from 'vitest';
import fc from 'fast-check';
import { holdSpans } from './held-spans.ts';
import type { SpanRecord } from './span-record.ts';

const traceOf = (flow: number): string => flow.toString(16).padStart(32, '0');
const span = (name: string, flow: number): SpanRecord => ({
  name, traceId: traceOf(flow), spanId: 's', kind: 'internal', parent: undefined, startedAtMs: 0, endedAtMs: 1, recordedAt: undefined, keptBecause: undefined,
  attributes: undefined, links: [], failure: undefined,
});

/** The same, slowly: a list. */
const listOf = (most: number) => {
  let held: (SpanRecord | undefined)[] = [];
  return {
    put: (one: SpanRecord): SpanRecord | undefined => {
      held.push(one);
      return held.length > most ? held.shift() : undefined;
    },
    take: (traceId: string): SpanRecord[] => {
      const taken = held.filter((one) => one?.traceId === traceId) as SpanRecord[];
      held = held.map((one) => (one?.traceId === traceId ? undefined : one));
      return taken;
    },
    clear: (): number => held.splice(0).filter((one) => one !== undefined).length,
  };
};

it('does what a list of the last so many would do, also for traces that share a shelf', () => {
  // Flows 1 and 4,097 end in the same three digits.
  const flow = fc.constantFrom(1, 4_097, 8_193, 2, 3);
  const step = fc.oneof({ weight: 4, arbitrary: fc.record({ put: flow }) }, { weight: 1, arbitrary: fc.record({ take: flow }) });
  fc.assert(fc.property(fc.integer({ min: 0, max: 6 }), fc.array(step, { maxLength: 60 }), (most, steps) => {
    const [held, list] = [holdSpans(most), listOf(most)];
    steps.forEach((one, at) => {
      if ('put' in one) {
        const next = span(String(at), one.put);
        expect(held.put(next)).toBe(list.put(next));
      } else expect(held.take(traceOf(one.take))).toEqual(list.take(traceOf(one.take)));
    });
    expect(held.clear()).toBe(list.clear());
  }));
});
