import { appendFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { scratchFolder } from '#testkit';
import { expect, it } from 'vitest';
import { readOn, watchFullDisk } from './watch-full-disk.ts';

const FULL = '[ERR] JetStream failed to store a msg: write 1.blk: no space left on device\n';

const world = () => {
  const state = { words: '', free: 0, restarts: 0, told: 0 };
  const look = watchFullDisk({
    newWords: async () => state.words,
    freeBytes: async () => state.free,
    restart: async () => void (state.restarts += 1, state.words = ''),
    tell: () => void (state.told += 1),
  });
  return { state, look };
};

it('starts a server anew once there is room, and not before', async () => {
  const { state, look } = world();
  state.words = FULL;
  await look();
  await look();
  expect(state).toMatchObject({ restarts: 0, told: 1 });
  state.words = '';
  state.free = 1e9;
  await look();
  await look();
  expect(state).toMatchObject({ restarts: 1, told: 2 });
});

it('leaves a server alone that complains of nothing', async () => {
  const { state, look } = world();
  state.words = '[INF] Server is ready\n';
  state.free = 1e9;
  await look();
  expect(state).toMatchObject({ restarts: 0, told: 0 });
});

it('reads only what is new in a log, and begins anew with a new one', async () => {
  const dir = await scratchFolder('read-on');
  const file = join(dir, 'nats.log');
  await writeFile(file, 'old, ä\n');
  const next = await readOn(file);
  expect(await next()).toBe('');
  await appendFile(file, 'new\n');
  expect([await next(), await next()]).toEqual(['new\n', '']);
  await writeFile(file, '');
  expect(await next()).toBe('');
  await rm(dir, { recursive: true });
});
