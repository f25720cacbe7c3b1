import { expect, it } from 'vitest';
import { fakeClock } from '#testkit';
import { openChore } from './open-chore.ts';

it('goes round again after a round that failed, and is ready by the last one', async () => {
  const clock = fakeClock();
  const [away, faults]: [Error, unknown[]] = [new Error('away'), []];
  let rounds = 0;
  const round = async (): Promise<void> => {
    if (++rounds === 2) throw away;
  };
  const chore = openChore({ round, sleep: clock.sleep, everyMs: 1_000, onError: (error) => faults.push(error) });
  expect(chore.ready()).toBe(false);
  chore.start();
  await clock.untilAsleep();
  expect([rounds, chore.ready()]).toEqual([1, true]);
  await clock.advance(1_000);
  expect([rounds, chore.ready(), faults]).toEqual([2, false, [away]]);
  await clock.advance(1_000);
  expect([rounds, chore.ready()]).toEqual([3, true]);
  await chore.stop();
  expect(clock.sleepers()).toBe(0);
});

it('finishes the round at hand before it is stopped, and begins no other', async () => {
  const clock = fakeClock();
  const { promise, resolve } = Promise.withResolvers<void>();
  let rounds = 0;
  const round = (): Promise<void> => {
    rounds++;
    return promise;
  };
  const chore = openChore({ round, sleep: clock.sleep, everyMs: 1_000, onError: () => undefined });
  chore.start();
  let stopped = false;
  const stopping = chore.stop().then(() => (stopped = true));
  await clock.advance(0);
  expect(stopped).toBe(false);
  resolve();
  await stopping;
  await clock.advance(10_000);
  expect(rounds).toBe(1);
});
