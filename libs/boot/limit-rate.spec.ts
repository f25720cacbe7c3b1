import { describe, expect, it } from 'vitest';
import { limitRate, rateHeaders } from './limit-rate.ts';

describe('limitRate', () => {
  it('lets one second’s worth through, then as many as time brings', () => {
    let now = 0;
    const limit = limitRate(2, () => now);
    expect([limit.take('a'), limit.take('a'), limit.take('a')]).toEqual([{ waitS: 0, remaining: 1, resetS: 1 }, { waitS: 0, remaining: 0, resetS: 1 }, { waitS: 1, remaining: 0, resetS: 1 }]);
    expect(limit.take('b').waitS).toBe(0);
    now += 500;
    expect([limit.take('a').waitS, limit.take('a').waitS]).toEqual([0, 1]);
  });

  it('lets one through where less than one a second is allowed', () => {
    let now = 0;
    const limit = limitRate(0.2, () => now);
    expect([limit.take('a').waitS, limit.take('a').waitS]).toEqual([0, 5]);
    now += 4_000;
    expect(limit.take('a').waitS).toBe(1);
  });
});

describe('rateHeaders', () => {
  it('names each limit, its quota and what is left', () => {
    const [address, key] = [limitRate(10, () => 0), limitRate(3, () => 0)];
    const verdicts = [{ name: 'address', limit: address, verdict: address.take('a') }, { name: 'key', limit: key, verdict: key.take('k') }];
    expect(rateHeaders(verdicts)).toEqual({ 'ratelimit-policy': '"address";q=10;w=1, "key";q=3;w=1', ratelimit: '"address";r=9;t=1, "key";r=2;t=1' });
  });
});
