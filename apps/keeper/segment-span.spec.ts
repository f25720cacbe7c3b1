import { expect, it } from 'vitest';
import { segmentSpanMs } from './segment-span.ts';

const DAY_MS = 86_400_000;

it.each([
  ['a week', 7, 1],
  ['a quarter', 90, 9],
  ['ten years', 3_650, 30],
])('cuts what is kept for %s into pieces that are a tenth of it, from a day to a month', (_words, keep, span) => {
  expect(segmentSpanMs(keep * DAY_MS)).toBe(span * DAY_MS);
});

it('cuts what is kept for good into quarters of a year', () => expect(segmentSpanMs(undefined)).toBe(90 * DAY_MS));
