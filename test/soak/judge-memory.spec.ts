import { describe, expect, it } from 'vitest';
import { judgeMemory } from './judge-memory.ts';

const judged = (...values: number[]) => judgeMemory(new Map([['relay', values]]))[0]!;
const ramp = (from: number, to: number, steps: number): number[] => [...Array(steps).keys()].map((step) => from + ((to - from) * step) / (steps - 1));

describe('judgeMemory', () => {
  it('calls memory flat that warms up and then stays', () => {
    expect(judged(60, 90, 100, 100, 101, 99, 100, 102)).toEqual({ room: 'relay', secondQuarter: 100, lastQuarter: 100, allowed: expect.closeTo(120), flat: true });
  });

  it('finds a leak: a room that grows steadily to more than 10 % and 10 MB above its second quarter', () => {
    expect(judged(...ramp(100, 170, 60))).toMatchObject({ flat: false });
    expect(judged(...ramp(100, 125, 60))).toMatchObject({ flat: true });
  });

  it('is not fooled by one peak', () => {
    expect(judged(100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 900, 100)).toMatchObject({ flat: true });
  });

  it('judges each room by itself', () => {
    const verdicts = judgeMemory(new Map([['relay', [1, 1, 1, 1, 1, 1, 90, 90]], ['router', [1, 1, 1, 1, 1, 1, 1, 1]]]));
    expect(verdicts.map(({ room, flat }) => [room, flat])).toEqual([['relay', false], ['router', true]]);
  });

  it('does not call flat what it has too few samples of', () => {
    expect(judged(1, 1, 1)).toMatchObject({ flat: false });
  });
});
