import { expect, it } from 'vitest';
import { HEADING, LEGEND, memoryLines, sampleLine } from './write-lines.ts';

const PROCESSES = ['ingest', 'console', 'sandbox', 'relay', 'router', 'projector', 'scheduler', 'connector-stripe', 'connector-slack'];
const sample = { atS: 605, perSecond: 99.7, late: 0, backlog: 12, lagS: 0.123, answer: { p50: 3.4, p99: 12.1 }, effect: { p50: 25, p99: 1_204 }, rss: Object.fromEntries(PROCESSES.map((name, at) => [name, 90.4 + at])) };

it('keeps everything within 80 columns', () => {
  const verdict = { room: 'connector-stripe', secondQuarter: 100, lastQuarter: 140, allowed: 135, flat: false };
  const lines = [HEADING, LEGEND, sampleLine(sample), memoryLines([verdict])].join('\n').split('\n');
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
});

it('puts each figure below its name', () => {
  const [, names] = HEADING.split('\n');
  const line = sampleLine(sample);
  const cell = (name: string): string => line.slice(0, names!.indexOf(name) + name.length).split(' ').at(-1)!;
  expect([cell('time'), cell('wait'), cell('lag'), cell('all')]).toEqual(['10:05', '12', '0.1', '850']);
  expect(line.slice(names!.indexOf('most'))).toBe('connector-slack 98');
});

it('keeps its columns apart when everything is slow', () => {
  const slow = sampleLine({ ...sample, backlog: 99_999, answer: { p50: 9_999, p99: 123_456 }, effect: { p50: 12_475, p99: 1_542_000 } });
  expect(slow.trim().split(/ +/).slice(2, 8)).toEqual(['99999', '0.1', '9999', '123s', '12s', '1542s']);
  expect(slow).toHaveLength(sampleLine(sample).length);
});

it('has a dash for what could not be measured', () => {
  const unknown = sampleLine({ ...sample, backlog: undefined, lagS: undefined, answer: undefined, effect: undefined });
  expect(unknown.trim().split(/ +/).slice(2, 8)).toEqual(['-', '-', '-', '-', '-', '-']);
  expect(unknown).toHaveLength(sampleLine(sample).length);
});

it('says which room grows', () => {
  const lines = memoryLines([{ room: 'relay', secondQuarter: 100, lastQuarter: 140, allowed: 135, flat: false }, { room: 'router', secondQuarter: 100, lastQuarter: 101, allowed: 135, flat: true }]);
  expect(lines).toMatch(/relay .*100 → +140 +at most +135 +GROWS/);
  expect(lines).toMatch(/router .* flat/);
});
