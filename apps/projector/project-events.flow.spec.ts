import { expect, it } from 'vitest';
import type { Projection } from '#read-models';
import { projectEvents } from './project-events.flow.ts';

const aProjection = (name: string): Projection => ({ name, tables: [], statement: { name, text: '' } });
const [feed, deliveries] = [aProjection('feed'), aProjection('deliveries')];

const world = (answers: Record<string, (number | Error)[]>) => {
  const calls: string[] = [];
  const errors: string[] = [];
  const state = { now: 0, calls, errors };
  const run = projectEvents({
    projections: [feed, deliveries],
    chunkSize: 10,
    beginRound: () => async ({ name }) => {
      calls.push(name);
      const answer = answers[name]!.shift() ?? 0;
      if (answer instanceof Error) throw answer;
      return answer;
    },
    onError: (error, { name }) => errors.push(`${name}: ${(error as Error).message}`),
    now: () => state.now,
  });
  return { state, run };
};

it('takes a chunk into each projection, and has more to do while one of them was full', async () => {
  const { state, run } = world({ feed: [10, 3], deliveries: [3, 0] });
  expect([await run(), await run()]).toEqual([{ more: true, resting: 0 }, { more: false, resting: 0 }]);
  expect(state.calls).toEqual(['feed', 'deliveries', 'feed', 'deliveries']);
});

it('lets a projection that fails rest for a growing while, and no other one with it', async () => {
  const { state, run } = world({ feed: [new Error('broken'), new Error('broken'), 1], deliveries: [10] });
  expect(await run()).toEqual({ more: true, resting: 1 });
  state.now = 249;
  await run();
  state.now = 250;
  await run();
  state.now = 749;
  await run();
  expect(state.calls.filter((name) => name === 'feed')).toHaveLength(2);
  state.now = 750;
  expect(await run()).toEqual({ more: false, resting: 0 });
  expect(state.calls.filter((name) => name === 'feed')).toHaveLength(3);
  expect(state.calls.filter((name) => name === 'deliveries')).toHaveLength(5);
  expect(state.errors).toEqual(['feed: broken', 'feed: broken']);
});
