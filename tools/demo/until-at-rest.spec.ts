import { expect, it } from 'vitest';
import { untilAtRest } from './until-at-rest.ts';

/** Looks a hundred ms apart; the last line of the script holds from then on. */
const world = (script: { effects: number; settled: number; commands: number }[]) => {
  let [at, nowMs] = [0, 0];
  const line = () => script[Math.min(at, script.length - 1)]!;
  return {
    elapsedMs: () => nowMs,
    needs: {
      totals: async () => ({ calls: line().effects, effects: line().effects, deduplicated: 0, failed: 0, dropped: 0 }),
      counts: async () => ({ commands: line().commands, attempts: line().commands, settled: line().settled }),
      now: () => nowMs,
      pause: async (ms: number) => {
        nowMs += ms;
        at += 1;
      },
      onLook: () => undefined,
      stop: new AbortController().signal,
    },
  };
};

it('waits for every command to be settled, and half a second more', async () => {
  const { needs, elapsedMs } = world([{ effects: 0, settled: 0, commands: 0 }, { effects: 2, settled: 1, commands: 2 }, { effects: 2, settled: 2, commands: 2 }]);
  await untilAtRest(needs, 2);
  expect(elapsedMs()).toBe(200 + 500);
});

it('begins the half second again when something happens in it', async () => {
  const rest = { effects: 2, settled: 2, commands: 2 };
  const { needs, elapsedMs } = world([rest, rest, rest, { effects: 3, settled: 3, commands: 3 }]);
  await untilAtRest(needs, 2);
  expect(elapsedMs()).toBe(300 + 500);
});

it('takes the hub’s word that it is over, also when an effect is missing', async () => {
  const { needs, elapsedMs } = world([{ effects: 1, settled: 2, commands: 2 }]);
  await untilAtRest(needs, 2);
  expect(elapsedMs()).toBe(500);
});

it('gives up when nothing has happened for 30 s', async () => {
  const { needs, elapsedMs } = world([{ effects: 1, settled: 1, commands: 2 }]);
  await untilAtRest(needs, 2);
  expect(elapsedMs()).toBe(30_000);
});

it('stops when it is asked to', async () => {
  const { needs } = world([{ effects: 0, settled: 0, commands: 0 }]);
  await expect(untilAtRest({ ...needs, stop: AbortSignal.abort(new Error('enough')) }, 2)).rejects.toThrow('enough');
});
