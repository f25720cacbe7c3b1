import { expect, it } from 'vitest';
import { fakeClock } from './fake-clock.ts';

it('stands still until it is moved', async () => {
  const clock = fakeClock('2026-03-01T00:00:00Z');
  let woken = false;
  void clock.sleep(1_000).then(() => (woken = true));
  await clock.advance(999);
  expect(woken).toBe(false);
  await clock.advance(1);
  expect(woken).toBe(true);
  expect(clock.date().toISOString()).toBe('2026-03-01T00:00:01.000Z');
});

it('wakes sleepers in order, and those whom they put to sleep meanwhile', async () => {
  const clock = fakeClock(0);
  const order: string[] = [];
  const note = (name: string) => order.push(`${name}@${clock.now()}`);
  void clock.sleep(300).then(() => note('late'));
  void clock.sleep(100).then(async () => {
    note('early');
    await clock.sleep(100);
    note('again');
  });
  await clock.advance(1_000);
  expect(order).toEqual(['early@100', 'again@200', 'late@300']);
});

it('wakes a sleeper with the reason when it is aborted', async () => {
  const clock = fakeClock();
  const stop = new AbortController();
  const nap = clock.sleep(1_000, stop.signal);
  stop.abort(new Error('enough'));
  await expect(nap).rejects.toThrow('enough');
  expect(clock.sleepers()).toBe(0);
});

it('tells when enough are asleep', async () => {
  const clock = fakeClock();
  let told = false;
  const ready = clock.untilAsleep(2).then(() => (told = true));
  void clock.sleep(1);
  await Promise.resolve();
  expect(told).toBe(false);
  void clock.sleep(1);
  await ready;
  expect(told).toBe(true);
});
