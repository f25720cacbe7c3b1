import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '#embedded';
import { scratchFolder, waitFor } from '#testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readManifest } from '../cli/read-manifest.ts';
import { drawId, exampleWebhook } from './example-webhook.ts';
import type { Running } from './running-file.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const DISK_MB = 320;

let disk: string;
let mounted = false;

beforeAll(async () => {
  disk = await scratchFolder('full-disk');
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MB}m`, 'tmpfs', disk], { stdio: 'ignore' });
    mounted = true;
    await chmod(disk, 0o755);
  } catch {
    process.stdout.write('NOT tested: a full disk. This account may not mount a small one.\n');
  }
  return async () => {
    if (mounted) execFileSync('umount', ['--lazy', disk]);
    await rm(disk, { recursive: true, force: true });
  };
});

let stop: (() => Promise<void>) | undefined;
afterAll(() => stop?.());

const start = async (): Promise<Running> => {
  const [ingest, console_, sandbox] = await Promise.all([freePort(), freePort(), freePort()]);
  const env = {
    PATH: process.env['PATH'], HOME: process.env['HOME'], TRUNKLINE_NATS_SOURCE: process.env['TRUNKLINE_NATS_SOURCE'], TRUNKLINE_DATA_DIR: join(disk, 'data'),
    INGEST_PORT: String(ingest), CONSOLE_PORT: String(console_), SANDBOX_PORT: String(sandbox), LOG_LEVEL: 'error',
  };
  const child = spawn(process.execPath, ['dist/apps/standalone/main.js'], { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  stop = async () => {
    const gone = once(child, 'close');
    child.kill('SIGINT');
    await gone;
  };
  await waitFor(() => said.includes('Trunkline is ready') || child.exitCode !== null, { what: 'the hub', withinMs: 100_000 });
  return JSON.parse(await readFile(join(disk, 'data', 'running.json'), 'utf8')) as Running;
};

/** Sends the example webhook, each time another one, and answers the status. */
const sender = async ({ ingestUrl }: Running): Promise<() => Promise<number>> => {
  const { manifest } = await readManifest(join(ROOT, 'trunkline.yaml'));
  return async () => {
    const command = exampleWebhook(manifest, ingestUrl, { env: {}, nowMs: Date.now(), id: drawId })!;
    const shell = spawn('sh', ['-c', command.replace('curl -i', 'curl -sS -m 20 -o /dev/null -w "%{http_code}"')], { stdio: ['ignore', 'pipe', 'inherit'] });
    return Number(Buffer.concat((await shell.stdout.toArray()) as Buffer[]).toString());
  };
};

const effects = async ({ sandboxUrl }: Running): Promise<{ effects: number; doubled: number }> =>
  ((await (await fetch(`${sandboxUrl}/_sandbox/record`)).json()) as { totals: { effects: number; doubled: number } }).totals;

it('refuses webhooks with 503 while the disk is full, and carries out every accepted one once there is room, without anybody’s help', async ({ skip }) => {
  skip(!mounted, 'no small disk');
  const hub = await start();
  const send = await sender(hub);
  expect(await send()).toBe(202);
  let accepted = 1;
  await writeFile(join(disk, 'filler'), Buffer.alloc(1024 * 1024 * DISK_MB)).catch(() => undefined); // as much of it as fits
  const statuses: number[] = [];
  await waitFor(
    async () => {
      const status = await send();
      statuses.push(status);
      if (status === 202) accepted += 1;
      return status === 503;
    },
    { what: 'a webhook to be refused', withinMs: 90_000 },
  );
  expect(new Set(statuses)).toEqual(new Set([202, 503]));
  await rm(join(disk, 'filler'));
  await waitFor(
    async () => {
      const taken = (await send()) === 202;
      if (taken) accepted += 1;
      return taken;
    },
    { what: 'a webhook to be accepted again', withinMs: 60_000, everyMs: 500 },
  );
  // Slack and Airtable are told of each.
  await waitFor(async () => (await effects(hub)).effects === 2 * accepted, { what: `${2 * accepted} effects`, withinMs: 90_000, everyMs: 250 });
  expect(await effects(hub)).toMatchObject({ effects: 2 * accepted, doubled: 0 });
}, 300_000);
