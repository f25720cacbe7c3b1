import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { scratchFolder, waitFor } from '#testkit';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

let folder: string;
beforeEach(async () => {
  folder = await scratchFolder('soak');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const launch = (...args: string[]) => {
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, TRUNKLINE_NATS_SOURCE: process.env.TRUNKLINE_NATS_SOURCE, TMPDIR: folder };
  const child = spawn(process.execPath, ['dist/test/soak/main.js', ...args], { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, complaint] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
  const gone = once(child, 'close');
  return { child, said: () => out, ended: async () => ({ code: ((await gone) as [number | null])[0], out, complaint }) };
};

const SHORT = ['--json', '--minutes', '0.2', '--every', '1', '--per-second', '30'];
const leftBehind = async (): Promise<string[]> => (await readdir(folder)).filter((name) => name.startsWith('trunkline-soak-'));

it('watches every room under a steady load, and fails only when something was lost, doubled or grew', async () => {
  const { code, out, complaint } = await launch(...SHORT).ended();
  expect(complaint).toBe('');
  const lines = out.trimEnd().split('\n');
  const result = JSON.parse(lines.at(-1)!);
  expect(result).toMatchObject({ lost: 0, doubled: 0 });
  expect(result.accepted).toBeGreaterThan(100);
  expect(result.samples).toHaveLength(12);
  const rooms = ['ingest', 'relay', 'router', 'projector', 'scheduler', 'keeper', 'notifier', 'console', 'connector-stripe', 'connector-slack'];
  expect(result.memory.map(({ room }: { room: string }) => room).sort()).toEqual(rooms.sort());
  for (const { rss } of result.samples) expect(Math.min(...Object.values<number>(rss))).toBeGreaterThan(20);
  expect(result.samples.some(({ effect }: { effect?: { p50: number } }) => effect !== undefined && effect.p50 > 0)).toBe(true);
  expect(result.samples.some(({ lagS }: { lagS?: number }) => lagS !== undefined)).toBe(true);
  // Twelve seconds are warming up: whether memory is flat is for a long run to say, but the exit code must agree.
  expect(result.ok).toBe(result.memory.every(({ flat }: { flat: boolean }) => flat));
  expect(code).toBe(result.ok ? 0 : 1);
  expect(lines.slice(0, -1).filter((line) => line.length > 80 && !line.startsWith("The rooms' logs"))).toEqual([]);
  expect((await leftBehind()).length).toBe(result.ok ? 0 : 1);
}, 240_000);

it('stops every room and server on Ctrl-C', async () => {
  const soak = launch(...SHORT);
  const sampled = (): boolean => {
    if (soak.said().includes('memory in MB')) return true;
    throw new Error(`So far it said: ${soak.said()}`);
  };
  await waitFor(sampled, { what: 'the first sample', withinMs: 150_000 });
  soak.child.kill('SIGINT');
  expect(await soak.ended()).toMatchObject({ code: 130, complaint: '' });
  expect(await leftBehind()).toEqual([]);
}, 240_000);
