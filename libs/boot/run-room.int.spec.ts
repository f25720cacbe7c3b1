import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const here = (file: string) => JSON.stringify(join(import.meta.dirname, file));

/** A process that is a room: `start` is the body of its start function. */
const room = (start: string, env: NodeJS.ProcessEnv = {}) => {
  const program = `
    import { appendFileSync } from 'node:fs';
    import { integer } from ${here('config-fields.ts')};
    import { defineConfig } from ${here('config.ts')};
    import { runRoom } from ${here('run-room.ts')};
    import { HubError } from '#contract';
    const schema = defineConfig('kitchen', { ovens: integer({ env: 'OVENS', about: 'How many there are.' }) });
    await runRoom(schema, async (config, env) => { ${start} });`;
  const child = spawn(process.execPath, ['--conditions=source', '--experimental-transform-types', '--no-warnings', '--input-type=module', '-e', program], {
    env: { PATH: process.env.PATH, OVENS: '2', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return follow(child);
};

const follow = (child: ChildProcess) => {
  let [out, complaint] = ['', ''];
  child.stderr!.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
  const heard = new Map<string, () => void>();
  child.stdout!.on('data', (chunk: Buffer) => {
    out += chunk.toString();
    for (const [word, tell] of heard) if (out.includes(word)) tell();
  });
  return {
    child,
    said: (word: string) => new Promise<void>((resolve) => (out.includes(word) ? resolve() : heard.set(word, resolve))),
    ended: async () => {
      const [code] = (await once(child, 'close')) as [number | null];
      return { code, out, complaint, lines: out.trim().split('\n').filter(Boolean).map((line) => JSON.parse(line) as { msg: string }) };
    },
  };
};

const gentle = `setInterval(() => {}, 1000);
  return { url: 'http://127.0.0.1:1', stop: async () => { process.stdout.write('{"msg":"draining"}\\n'); } };`;

describe('runRoom', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('prints its settings, says when it is ready, and stops gently on %s', async (signal) => {
    const kitchen = room(gentle);
    await kitchen.said('"ready"');
    kitchen.child.kill(signal);
    const { code, lines, complaint } = await kitchen.ended();
    expect(lines.map((line) => line.msg)).toEqual(['config', 'ready', 'stopping', 'draining', 'stopped']);
    expect(lines[0]).toMatchObject({ config: { OVENS: 2 } });
    expect(lines[1]).toMatchObject({ room: 'kitchen', url: 'http://127.0.0.1:1' });
    expect([code, complaint]).toEqual([0, '']);
  });

  it('ends with a plain sentence and code 1 when it cannot start', async () => {
    const { code, complaint } = await room(`throw new HubError('port-taken', 'Port 3000 is taken.');`).ended();
    expect([code, complaint]).toEqual([1, 'kitchen: Port 3000 is taken. (port-taken)\n']);
  });

  it('lists what is wrong with its settings', async () => {
    const { code, complaint } = await room(gentle, { OVENS: 'none' }).ended();
    expect(code).toBe(1);
    expect(complaint).toContain('OVENS must be a whole number');
  });

  it('shows where a bug is', async () => {
    const { code, complaint } = await room(`throw new Error('burnt');`).ended();
    expect(code).toBe(1);
    expect(complaint).toMatch(/burnt\n\s+at /);
  });

  it('shows of a bug that nobody caught where it is, and nothing that hangs on it', async () => {
    const { code, complaint } = await room(`setTimeout(() => { throw Object.assign(new Error('burnt for ada@example.com'), { request: { authorization: 'hush' } }); }); return { stop: async () => {} };`).ended();
    expect(code).toBe(1);
    expect(complaint).toMatch(/^kitchen: Error: burnt for \[email\]\n\s+at /);
    expect(complaint).not.toContain('hush');
  });

  it('changes its log level on SIGUSR2, and says so', async () => {
    const kitchen = room(gentle);
    await kitchen.said('"ready"');
    for (const level of ['debug', 'trace', 'configured']) {
      kitchen.child.kill('SIGUSR2');
      await kitchen.said(`"the log level is now ${level}"`);
    }
    kitchen.child.kill('SIGTERM');
    expect((await kitchen.ended()).code).toBe(0);
  });

  it('stops a start that waits', async () => {
    const kitchen = room(`process.stdout.write('{"msg":"waiting"}\\n'); setInterval(() => {}, 1000); await new Promise(() => {});`);
    await kitchen.said('waiting');
    kitchen.child.kill('SIGTERM');
    const { code, complaint } = await kitchen.ended();
    expect([code, complaint]).toEqual([0, '']);
  });

  it('leaves at once when it is asked twice', async () => {
    const kitchen = room(`setInterval(() => {}, 1000); return { stop: () => new Promise(() => {}) };`);
    await kitchen.said('"ready"');
    kitchen.child.kill('SIGINT');
    await kitchen.said('"stopping"');
    kitchen.child.kill('SIGINT');
    expect((await kitchen.ended()).code).toBe(130);
  });
});
