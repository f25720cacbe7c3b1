import { expect, it } from 'vitest';
import type { Metric } from './metric.ts';
import { createObservers } from './observers.ts';

const depth = { kind: 'gauge', name: 'depth', unit: 'things', about: 'Depth.', labels: { queue: 'bounded' } } as const satisfies Metric;

it('reads afresh at every look, until it is told not to', async () => {
  const observers = createObservers(1_000);
  let value = 1;
  const stop = observers.add((put) => put(depth, { queue: 'a' }, value));
  expect((await observers.readAll()).map((reading) => reading.value)).toEqual([1]);
  value = 2;
  expect((await observers.readAll()).map((reading) => reading.value)).toEqual([2]);
  stop();
  expect(await observers.readAll()).toEqual([]);
});

it('leaves out what fails, and what comes after time is up, and tells the rest', async () => {
  const observers = createObservers(30);
  const { promise: never, resolve } = Promise.withResolvers<void>();
  observers.add(() => Promise.reject(new Error('the database is away')));
  observers.add(async (put) => {
    await never;
    put(depth, { queue: 'late' }, 1);
  });
  observers.add((put) => put(depth, { queue: 'there' }, 7));
  const first = await observers.readAll();
  resolve();
  expect(first.map(({ labels }) => labels['queue'])).toEqual(['there']);
});

it('does not ask again what still hangs', async () => {
  const observers = createObservers(5);
  const { promise: never, resolve } = Promise.withResolvers<void>();
  let asked = 0;
  observers.add(async () => {
    asked += 1;
    await never;
  });
  await observers.readAll();
  await observers.readAll();
  expect(asked).toBe(1);
  resolve();
  await new Promise((resolved) => setImmediate(resolved));
  await observers.readAll();
  expect(asked).toBe(2);
});
