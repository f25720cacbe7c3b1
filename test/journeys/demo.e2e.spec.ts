import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { scratchFolder, waitFor } from '#testkit';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

let folder: string;
beforeEach(async () => {
  folder = await scratchFolder('demo');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** What a hub of somebody else's would have set; the demo has servers and ports of its own. */
const ELSEWHERE = { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/nowhere', NATS_URL: 'nats://127.0.0.1:1', INGEST_PORT: '1' };

const launch = (...args: string[]) => {
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, TRUNKLINE_NATS_SOURCE: process.env.TRUNKLINE_NATS_SOURCE, TMPDIR: folder, ...ELSEWHERE };
  const child = spawn(process.execPath, ['dist/tools/demo/main.js', ...args], { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, complaint] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
  const gone = once(child, 'close');
  return { child, said: () => out, ended: async () => ({ code: ((await gone) as [number | null])[0], out, complaint }) };
};

/** Everything that the demo put on disk, its marks of ownership aside. */
const leftBehind = async (): Promise<string[]> => (await readdir(folder)).filter((name) => name.startsWith('trunkline-demo-'));

describe('npm run demo', () => {
  it('has every accepted webhook take effect once at partners that fail, counts it, and leaves nothing behind', async () => {
    const { code, out, complaint } = await launch('--json', '--webhooks', '60').ended();
    expect(complaint).toBe('');
    const lines = out.trimEnd().split('\n');
    const result = JSON.parse(lines.at(-1)!);
    expect(result).toMatchObject({ ok: true, webhooks: 60, deliveries: 72, accepted: 57, duplicates: 12, refused: 3, lost: 0, doubled: 0, unasked: 0, misjudged: 0 });
    expect(result.delivered).toBe(result.commands);
    expect(result.delivered).toBe(result.partners.effects);
    expect(result.partners.failed + result.partners.dropped).toBeGreaterThan(0);
    expect(result.attempts).toBeGreaterThan(result.commands);
    expect(code).toBe(0);
    expect(lines.slice(0, -1).filter((line) => line.length > 80 || line.includes('\x1b'))).toEqual([]);
    expect(await leftBehind()).toEqual([]);
  }, 180_000);

  it('stops its servers and removes its folder on Ctrl-C', async () => {
    const demo = launch('--webhooks', '5000');
    await waitFor(() => demo.said().includes('of 6000 answered'), { what: 'webhooks to be sent', withinMs: 60_000 });
    const [postgres, nats] = ['Postgres', 'NATS'].map((name) => Number(new RegExp(`${name} .*?port (\\d+)`).exec(demo.said())![1]));
    demo.child.kill('SIGINT');
    expect(await demo.ended()).toMatchObject({ code: 130, complaint: expect.stringContaining('stopping') });
    expect(await leftBehind()).toEqual([]);
    for (const port of [postgres, nats]) await expect(fetch(`http://127.0.0.1:${port}`)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
  }, 180_000);

  it('says how it is called when it is called wrongly', async () => {
    expect(await launch('--webhooks', 'many').ended()).toMatchObject({ code: 2, out: '', complaint: expect.stringContaining('--webhooks must be a whole number') });
  }, 60_000);
});
