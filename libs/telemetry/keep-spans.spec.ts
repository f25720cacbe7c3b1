import { hash } from 'node:crypto';
import { expect, it } from 'vitest';
import { keepSpans, type SpanFate } from './keep-spans.ts';
import type { SpanRecord } from './span-record.ts';

const START = Date.parse('2026-01-01T00:00:00Z');

const span = (name: string, traceId: string, more: Partial<SpanRecord> = {}): SpanRecord => ({
  name, traceId, spanId: 's', kind: 'internal', parent: undefined, startedAtMs: START, endedAtMs: START + 5, recordedAt: undefined, keptBecause: undefined,
  attributes: undefined, links: [], failure: undefined, ...more,
});
/** A trace's id by a name: those that are in the sample begin with an `a`. */
const traceOf = (name: string): string => `${name.startsWith('in') ? 'a' : 'b'}${hash('md5', name).slice(1)}`;
const failure = { failure: { message: 'away' } };

const keeping = (settings = { slowSpanMs: 1_000, slowFlowMs: 10_000, heldSpans: 100 }, inSample = (traceId: string) => traceId.startsWith('a')) => {
  const seen = { out: [] as string[], fates: {} as Partial<Record<SpanFate, number>> };
  const keeper = keepSpans({
    sampled: (traceId, parent) => parent ?? inSample(traceId),
    emit: ({ name }) => void seen.out.push(name),
    note: (fate, spans) => void (seen.fates[fate] = (seen.fates[fate] ?? 0) + spans),
    settings,
  });
  const run = (name: string, flow: string, more: Partial<SpanRecord> & { repeats?: boolean; from?: boolean } = {}): void =>
    keeper.end(span(name, traceOf(flow), { keptBecause: keeper.atStart(traceOf(flow), more.from, more.repeats ?? false), ...more }));
  return { seen, keeper, run };
};

it('lets out what is in the sample at once, and what a caller samples, and holds the rest back', () => {
  const { seen, run } = keeping();
  run('a', 'in-1');
  run('b', 'out-1');
  run('c', 'out-2', { from: true });
  run('d', 'in-2', { from: false });
  expect(seen).toEqual({ out: ['a', 'c'], fates: { sampled: 2 } });
});

it('lets out a failure with all that came before it in its trace and all that comes after, and with nothing else', () => {
  const { seen, run, keeper } = keeping();
  run('receive', 'out-1');
  run('receive another', 'out-2');
  run('route', 'out-1');
  run('call', 'out-1', failure);
  expect(seen.out).toEqual(['receive', 'route', 'call']);
  run('publish', 'out-1');
  expect(seen.out).toEqual(['receive', 'route', 'call', 'publish']);
  expect(seen.fates).toEqual({ joined: 3, failed: 1 });
  expect([keeper.keeps(traceOf('out-1')), keeper.keeps(traceOf('out-2'))]).toEqual([true, false]);
});

it.each([
  ['took long', { endedAtMs: START + 1_000 }],
  ['ended long after its event was recorded', { recordedAt: new Date(START - 9_995).toISOString() }],
])('lets out a span that %s', (_, slow) => {
  const { seen, run } = keeping();
  run('quick', 'out-1', { endedAtMs: START + 999, recordedAt: new Date(START - 9_000).toISOString() });
  run('slow', 'out-2', slow);
  expect(seen).toEqual({ out: ['slow'], fates: { slow: 1 } });
});

it('lets out what repeats from its start on, so that it can be carried', () => {
  const { seen, run, keeper } = keeping();
  run('first', 'out-1');
  expect(keeper.atStart(traceOf('out-1'), false, true)).toBe('repeated');
  expect(keeper.keeps(traceOf('out-1'))).toBe(true);
  expect(seen.out).toEqual(['first']);
  run('second', 'out-1');
  expect(seen.fates).toEqual({ joined: 2 });
});

it('remembers so many spans, drops the oldest, and counts what it drops', () => {
  const { seen, run, keeper } = keeping({ slowSpanMs: 1_000, slowFlowMs: 10_000, heldSpans: 3 });
  run('a1', 'out-a');
  run('b1', 'out-b');
  run('a2', 'out-a');
  run('c1', 'out-c');
  expect(seen.fates).toEqual({ dropped: 1 });
  run('a3', 'out-a', failure);
  expect(seen.out).toEqual(['a2', 'a3']);
  for (const name of ['d1', 'd2']) run(name, 'out-d');
  run('b2', 'out-b', failure);
  expect(seen.out).toEqual(['a2', 'a3', 'b2']);
  keeper.stop();
  expect(seen.fates).toEqual({ dropped: 5, failed: 2, joined: 1 });
});

it('forgets in time which traces it kept', () => {
  const { run, keeper } = keeping();
  for (let i = 0; i <= 10_000; i++) run('call', `out-${i}`, failure);
  expect([keeper.keeps(traceOf('out-0')), keeper.keeps(traceOf('out-1')), keeper.keeps(traceOf('out-10000'))]).toEqual([false, true, true]);
});
