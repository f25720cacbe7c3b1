import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort, identityOf } from '#embedded';
import { freshDatabase, scratchFolder, startTestNats, waitFor } from '#testkit';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Running } from './running-file.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const READY_WITHIN_MS = 100_000;

let dataDir: string;
beforeAll(async () => {
  dataDir = await scratchFolder('standalone');
  return () => rm(dataDir, { recursive: true, force: true });
});

type Hub = ReturnType<typeof launch>;
let current: Hub | undefined;
afterEach(async () => {
  if (current?.child.exitCode === null && current.child.signalCode === null) await current.end('SIGKILL');
});

/** The program that `npm start` ends in, after the build. */
const launch = (more: NodeJS.ProcessEnv = {}) => {
  const env = { PATH: process.env['PATH'], HOME: process.env['HOME'], TRUNKLINE_NATS_SOURCE: process.env['TRUNKLINE_NATS_SOURCE'], TRUNKLINE_DATA_DIR: dataDir, ...more };
  const child = spawn(process.execPath, ['dist/apps/standalone/main.js'], { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, complaint] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
  const gone = once(child, 'close');
  const hub = {
    child,
    said: () => out,
    ended: async () => ({ code: ((await gone) as [number | null])[0], out, complaint }),
    end: async (signal: NodeJS.Signals) => {
      child.kill(signal);
      return hub.ended();
    },
    untilReady: async (): Promise<Running> => {
      await waitFor(() => out.includes('Trunkline is ready') || child.exitCode !== null, { what: `the summary; so far: ${out} ${complaint}`, withinMs: READY_WITHIN_MS });
      expect(complaint).toBe('');
      return waitFor(async () => JSON.parse(await readFile(join(env.TRUNKLINE_DATA_DIR, 'running.json'), 'utf8')) as Running);
    },
  };
  current = hub;
  return hub;
};

const portsOfItsOwn = async (): Promise<NodeJS.ProcessEnv> => {
  const [ingest, console_, sandbox] = await Promise.all([freePort(), freePort(), freePort()]);
  return { INGEST_PORT: String(ingest), CONSOLE_PORT: String(console_), SANDBOX_PORT: String(sandbox) };
};

const json = async <T>(url: string): Promise<T> => (await fetch(url)).json() as Promise<T>;

/** Runs the printed command as a person would, by pasting it into a shell. */
const paste = async (command: string): Promise<{ status: string; correlationId: string }> => {
  const shell = spawn('sh', ['-c', command.replace('curl -i', 'curl -sS')], { stdio: ['ignore', 'pipe', 'inherit'] });
  const answer = (await shell.stdout.toArray()) as Buffer[];
  return JSON.parse(Buffer.concat(answer).toString());
};

const curlIn = (text: string): string => /curl -i [^]*?\n(?=\n)/.exec(text)![0];

const effects = async ({ sandboxUrl }: Running): Promise<number> => (await json<{ totals: { effects: number } }>(`${sandboxUrl}/_sandbox/record`)).totals.effects;

const keyIn = (text: string): string => / {2}key {8}(tl_\w+)\n/.exec(text)![1]!;

const hasTimeline = async ({ consoleUrl }: Running, key: string, correlationId: string): Promise<boolean> =>
  (await fetch(`${consoleUrl}/v1/timelines/${correlationId}`, { headers: { authorization: `Bearer ${key}` } })).ok;

/** What `npm run --silent trunkline --` ends in. */
const cliHere = async (...args: string[]): Promise<string> => {
  const env = { PATH: process.env['PATH'], TRUNKLINE_DATA_DIR: dataDir };
  const child = spawn(process.execPath, ['dist/apps/standalone/run-cli-here.js', ...args], { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'inherit'] });
  return Buffer.concat((await child.stdout.toArray()) as Buffer[]).toString();
};

const serverPids = async (): Promise<number[]> =>
  Promise.all(['postgres', 'nats'].map(async (name) => (JSON.parse(await readFile(join(dataDir, name, 'owner.json'), 'utf8')) as { server: { pid: number } }).server.pid));

describe('the whole hub as one process', () => {
  it('takes the webhook that it prints all the way, stops its children on Ctrl-C, and finds yesterday\'s data', async () => {
    const ports = await portsOfItsOwn();
    const first = launch(ports);
    const running = await first.untilReady();
    expect(running.ingestUrl).toBe(`http://127.0.0.1:${ports['INGEST_PORT']}`);
    const { status, correlationId } = await paste(curlIn(first.said()));
    expect(status).toBe('accepted');
    await waitFor(async () => (await effects(running)) === 2, { what: 'Slack and Airtable to be told', withinMs: 20_000 });
    const key = keyIn(first.said());
    await waitFor(() => hasTimeline(running, key, correlationId), { what: 'the timeline' });
    expect(await hasTimeline(running, `${key}x`, correlationId)).toBe(false);
    expect(first.said().split('\n').filter((line) => line.trim()).length).toBeLessThan(40);

    const children = await serverPids();
    expect(await first.end('SIGINT')).toMatchObject({ code: 0, complaint: '' });
    expect(children.map((pid) => identityOf(pid))).toEqual([undefined, undefined]);

    const again = await launch(ports).untilReady();
    expect(first.said()).toContain('making a new database cluster');
    expect(current!.said()).not.toContain('making a new database cluster');
    expect(await hasTimeline(again, key, correlationId)).toBe(true);
    expect(current!.said()).not.toMatch(/tl_\w{11}_/);
    const more = await cliHere('keys', 'create', '--name', 'ana', '--scope', 'read');
    expect(await hasTimeline(again, more.split('\n')[0]!, correlationId)).toBe(true);
    expect(await current!.end('SIGTERM')).toMatchObject({ code: 0, complaint: '' });
  }, 240_000);

  it('recovers from being killed, and starts a server again that was killed', async () => {
    const ports = await portsOfItsOwn();
    await launch(ports).untilReady();
    const left = await serverPids();
    await current!.end('SIGKILL');
    const running = await launch(ports).untilReady();
    expect(left.map((pid) => identityOf(pid))).toEqual([undefined, undefined]);

    const [postgres, nats] = await serverPids();
    process.kill(postgres!, 'SIGKILL');
    process.kill(nats!, 'SIGKILL');
    await waitFor(async () => (await serverPids()).every((pid) => ![postgres, nats].includes(pid) && identityOf(pid)), { what: 'both to be started again', withinMs: 20_000 });
    const told = await effects(running);
    await waitFor(async () => (await fetch(`${running.ingestUrl}/health/ready`)).ok, { what: 'ingest to recover', withinMs: 20_000 });
    expect((await paste(curlIn(current!.said()))).status).toBe('accepted');
    await waitFor(async () => (await effects(running)) === told + 2, { what: 'Slack and Airtable to be told', withinMs: 30_000 });
    expect(await current!.end('SIGINT')).toMatchObject({ code: 0 });
  }, 240_000);

  it('uses your servers when they are configured', async () => {
    const [database, nats] = await Promise.all([freshDatabase(), startTestNats()]);
    const dir = await scratchFolder('standalone-yours');
    const hub = launch({ ...(await portsOfItsOwn()), TRUNKLINE_DATA_DIR: dir, DATABASE_URL: database.url, NATS_URL: nats.url });
    const running = await hub.untilReady();
    expect(running).toMatchObject({ databaseUrl: database.url, natsUrl: nats.url });
    expect(hub.said()).toContain('yours, ');
    expect(hub.said()).not.toContain(new URL(database.url).password);
    expect((await paste(curlIn(hub.said()))).status).toBe('accepted');
    expect(await hub.end('SIGINT')).toMatchObject({ code: 0 });
    await Promise.all([database.drop(), nats.stop(), rm(dir, { recursive: true })]);
  }, 240_000);

  it('refuses a port that was asked for and is taken, and leaves nothing behind', async () => {
    const taken = createServer().listen(0, '0.0.0.0');
    await once(taken, 'listening');
    const { port } = taken.address() as { port: number };
    const { code, complaint } = await launch({ ...(await portsOfItsOwn()), INGEST_PORT: String(port) }).ended();
    expect(code).toBe(1);
    expect(complaint.trim()).toBe(`Port ${port} is taken by another program. Stop it, or set INGEST_PORT to a free port.`);
    await expect(serverPids(), 'the folders were given back').rejects.toThrow('ENOENT');
    taken.close();
  }, 240_000);

  it('finds another port when a usual one is taken, and says so', async () => {
    const taken = createServer().listen(3000, '0.0.0.0');
    await Promise.race([once(taken, 'listening'), once(taken, 'error')]); // an error: somebody else has it, which serves as well
    const hub = launch();
    const running = await hub.untilReady();
    expect(running.ingestUrl).not.toBe('http://127.0.0.1:3000');
    expect(hub.said()).toContain(`port 3000 is taken by another program: ingest is on ${new URL(running.ingestUrl).port}`);
    expect(await hub.end('SIGINT')).toMatchObject({ code: 0 });
    taken.close();
  }, 240_000);

  it('says what is wrong with its settings', async () => {
    const { code, complaint } = await launch({ INGEST_PORT: 'three thousand', TRUNKLINE_NATS_SOURCE: 'somewhere' }).ended();
    expect(code).toBe(1);
    expect(complaint).toContain('INGEST_PORT must be a whole number from 0 to 65535');
    expect(complaint).toContain('TRUNKLINE_NATS_SOURCE must be one of any, path, wheel, debian');
  });
});
