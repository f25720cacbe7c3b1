import { expect, it } from 'vitest';
import { trustClock } from './trust-clock.ts';

const HOUR = 3_600_000;

it('doubts a clock that jumped, for a day, and not one that drifts', async () => {
  let [database, passed] = [Date.parse('2026-03-01T00:00:00Z'), 1_000];
  const isTrusted = trustClock({ databaseNow: async () => database, monotonicMs: () => passed });
  const after = (ms: number, jump = 0): Promise<boolean> => {
    passed += ms;
    database += ms + jump;
    return isTrusted();
  };
  expect(await after(0)).toBe(true);
  expect(await after(HOUR, 60_000)).toBe(true);
  expect(await after(HOUR, 30 * 24 * HOUR)).toBe(false);
  expect(await after(23 * HOUR)).toBe(false);
  expect(await after(HOUR)).toBe(true);
  expect(await after(HOUR, -30 * 24 * HOUR)).toBe(false);
  expect(await after(25 * HOUR)).toBe(true);
});
