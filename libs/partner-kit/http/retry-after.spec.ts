import { describe, expect, it } from 'vitest';
import { retryAfterMs } from './retry-after.ts';

const NOW = Date.parse('2026-03-01T12:00:00Z');

describe('retryAfterMs', () => {
  it.each([
    [{ 'retry-after': '7' }, 7_000],
    [{ 'retry-after': 'Sun, 01 Mar 2026 12:00:30 GMT' }, 30_000],
    [{ 'x-ratelimit-reset': '12' }, 12_000],
    [{ 'x-ratelimit-reset': String(NOW / 1000 + 90) }, 90_000],
    [{ 'x-ratelimit-reset': String(NOW + 1_500) }, 1_500],
    [{ 'ratelimit-reset': '4' }, 4_000],
    [{ ratelimit: '"default";r=0;t=30' }, 30_000],
    [{ ratelimit: 'limit=5, remaining=0, reset=9' }, 9_000],
  ])('reads %j as %i ms', (headers, expected) => {
    expect(retryAfterMs(headers as Record<string, string>, NOW)).toBe(expected);
  });

  it('understands a moment by the clock of the partner, where the answer tells it', () => {
    const headers = { date: 'Sun, 01 Mar 2026 12:00:00 GMT', 'retry-after': 'Sun, 01 Mar 2026 12:00:30 GMT' };
    expect(retryAfterMs(headers, NOW - 7_200_000)).toBe(30_000);
    expect(retryAfterMs(headers, NOW + 7_200_000)).toBe(30_000);
  });

  it('takes the longest of what the headers say', () => {
    expect(retryAfterMs({ 'retry-after': '2', 'x-ratelimit-reset': '20' }, NOW)).toBe(20_000);
    expect(retryAfterMs({ 'retry-after': '20', 'x-ratelimit-reset': '2' }, NOW)).toBe(20_000);
  });

  it('never waits longer than a day, and not at all for the past or for nonsense', () => {
    expect(retryAfterMs({ 'retry-after': '999999999' }, NOW)).toBe(86_400_000);
    expect(retryAfterMs({ 'retry-after': 'Sun, 01 Mar 2026 11:00:00 GMT' }, NOW)).toBeUndefined();
    expect(retryAfterMs({ 'retry-after': 'soon', 'x-ratelimit-reset': '-3' }, NOW)).toBeUndefined();
    expect(retryAfterMs({}, NOW)).toBeUndefined();
  });
});
