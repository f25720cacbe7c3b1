import { expect, it } from 'vitest';
import { createCells } from './cells.ts';
import type { Metric } from './metric.ts';

const calls: Metric<'counter'> = { kind: 'counter', name: 'calls_total', unit: 'calls', about: 'Calls.', labels: { partner: 'bounded', class: 'bounded' } };

it('keeps one value for each set of labels, in whatever order they are given', () => {
  const cells = createCells(() => 0);
  cells.at(calls, { partner: 'slack', class: 'ok' }).value += 1;
  cells.at(calls, { class: 'ok', partner: 'slack' }).value += 1;
  cells.at(calls, { partner: 'slack', class: 'auth' }).value += 1;
  expect([...cells.of(calls)]).toEqual([
    { labels: { partner: 'slack', class: 'ok' }, value: 2 },
    { labels: { partner: 'slack', class: 'auth' }, value: 1 },
  ]);
});

it('leaves out what is no label of the metric', () => {
  const cells = createCells(() => 0);
  cells.at(calls, { partner: 'slack', class: 'ok', path: '/secret' });
  expect([...cells.of(calls)][0]!.labels).toEqual({ partner: 'slack', class: 'ok' });
});

it('keeps what comes after the last set under "other", and loses no count', () => {
  const cells = createCells(() => 0, 3);
  for (let i = 0; i < 10; i++) cells.at(calls, { partner: `p${i}`, class: 'ok' }).value += 1;
  cells.at(calls, { partner: 'p0', class: 'ok' }).value += 1;
  const kept = [...cells.of(calls)];
  expect(kept).toHaveLength(4);
  expect(kept.at(-1)).toEqual({ labels: { partner: 'other', class: 'other' }, value: 7 });
  expect(kept.reduce((sum, { value }) => sum + value, 0)).toBe(11);
});
