import { describe, expect, it } from 'vitest';
import { inBursts } from './in-bursts.ts';

const start = () => {
  const passed: number[] = [];
  const waits: { ms: number; run(): void }[] = [];
  const bursts = inBursts((one: number) => passed.push(one), { most: 3, withinMs: 500, after: (ms, run) => void waits.push({ ms, run }) });
  return { passed, waits, bursts };
};

describe('inBursts', () => {
  it('passes on as many as make a burst, in their order', () => {
    const { passed, bursts } = start();
    for (const one of [1, 2]) bursts.put(one);
    expect(passed).toEqual([]);
    for (const one of [3, 4]) bursts.put(one);
    expect(passed).toEqual([1, 2, 3]);
  });

  it('passes on what is there when the first has waited long enough, and begins to wait anew', () => {
    const { passed, waits, bursts } = start();
    for (const one of [1, 2]) bursts.put(one);
    expect(waits.map(({ ms }) => ms)).toEqual([500]);
    waits[0]!.run();
    expect(passed).toEqual([1, 2]);
    bursts.put(3);
    expect(waits).toHaveLength(2);
    waits[1]!.run();
    expect(passed).toEqual([1, 2, 3]);
  });

  it('passes each on once', () => {
    const { passed, waits, bursts } = start();
    bursts.put(1);
    bursts.flush();
    bursts.flush();
    waits[0]!.run();
    expect(passed).toEqual([1]);
  });
});
