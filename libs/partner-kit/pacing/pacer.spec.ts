import { describe, expect, it } from 'vitest';
import { createPacer, type Release } from './pacer.ts';

/** Time that moves when told; timers run in order. */
const movable = () => {
  let now = 0;
  let timers: { at: number; run: () => void }[] = [];
  return {
    now: () => now,
    after: (ms: number, run: () => void) => void timers.push({ at: now + ms, run }),
    advance: (ms: number) => {
      const until = now + ms;
      for (;;) {
        const next = timers.filter((timer) => timer.at <= until).sort((a, b) => a.at - b.at)[0];
        if (next === undefined) break;
        timers = timers.filter((timer) => timer !== next);
        now = next.at;
        next.run();
      }
      now = until;
    },
  };
};

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('a pacer', () => {
  it('runs no more calls at once than allowed', async () => {
    const pacer = createPacer({ concurrency: 2, perSecond: 0 }, movable());
    const held: Release[] = [];
    for (let i = 0; i < 3; i++) void pacer.acquire('normal').then((release) => held.push(release));
    await turn();
    expect([held.length, pacer.waiting()]).toEqual([2, 1]);
    held[0]!();
    held[0]!();
    await turn();
    expect([held.length, pacer.waiting()]).toEqual([3, 0]);
  });

  it('serves high before normal before low', async () => {
    const pacer = createPacer({ concurrency: 1, perSecond: 0 }, movable());
    const order: string[] = [];
    const first = await pacer.acquire('low');
    for (const lane of ['low', 'normal', 'high'] as const) void pacer.acquire(lane).then((release) => (order.push(lane), release()));
    first();
    await turn();
    expect(order).toEqual(['high', 'normal', 'low']);
  });

  it('begins no more calls per second than allowed, with a small burst', async () => {
    const clock = movable();
    const pacer = createPacer({ concurrency: 100, perSecond: 20 }, clock);
    let begun = 0;
    for (let i = 0; i < 100; i++) void pacer.acquire('normal').then((release) => (begun++, release()));
    await turn();
    const burst = begun;
    clock.advance(1_000);
    await turn();
    expect(burst).toBeLessThanOrEqual(2);
    expect(begun - burst).toBe(20);
  });
});
