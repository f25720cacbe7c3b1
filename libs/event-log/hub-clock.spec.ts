import { expect, it } from 'vitest';
import { createHubClock } from './hub-clock.ts';

const world = () => {
  let steady = 1_000;
  const clock = createHubClock(5_000_000, () => steady);
  return { clock, pass: (ms: number) => void (steady += ms), steady: () => steady };
};

it('is the machine’s at first, then Postgres’', () => {
  const { clock, pass, steady } = world();
  pass(10);
  expect(clock.now()).toBe(5_000_010);
  clock.set(9_000_000, steady());
  pass(250);
  expect(clock.now()).toBe(9_000_250);
});

it('takes an answer for the middle of the time that it took, and ignores what that explains', () => {
  const { clock, pass, steady } = world();
  const asked = steady();
  pass(200);
  clock.set(9_000_000, asked);
  expect(clock.now()).toBe(9_000_100);
  const again = steady();
  pass(1_000);
  clock.set(9_000_101, again);
  expect(clock.now()).toBe(9_001_100);
});
