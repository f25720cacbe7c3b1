import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '#embedded';
import { TEST_MASTER_KEYS } from '#testkit';
import { PROJECT_ROOT } from './project-root.ts';
import { roomProcess, type RoomProcess, type RoomSpec } from './room-process.ts';

const run = promisify(execFile);

export type HubOptions = {
  databaseUrl: string;
  natsUrl: string;
  /** `trunkline.yaml` as text; `${SANDBOX_URL}` is set. */
  manifest: string;
  /** Partners that get a connector process each. */
  partners: string[];
  /** Where logs and the manifest go. */
  dir: string;
  env?: Record<string, string>;
  /** How many files rooms may have open, by their name. */
  files?: Record<string, number>;
};

/** All rooms as processes of their own, with the sandbox as partners. */
export type Hub = {
  ingestUrl: string;
  consoleUrl: string;
  sandboxUrl: string;
  /** What the console lets in: an API key that may do everything. */
  consoleKey: string;
  rooms: Map<string, RoomProcess>;
  logFile(room: string): string;
  stop(): Promise<void>;
};

type Ports = Record<'ingest' | 'console' | 'sandbox' | 'relay' | 'router' | 'projector' | 'scheduler' | 'keeper', number>;

const choosePorts = async (): Promise<Ports> => {
  const names = ['ingest', 'console', 'sandbox', 'relay', 'router', 'projector', 'scheduler', 'keeper'] as const;
  const ports = await Promise.all(names.map(() => freePort()));
  return Object.fromEntries(names.map((name, i) => [name, ports[i]])) as Ports;
};

const PORT_VARIABLES: Partial<Record<string, string>> = { ingest: 'INGEST_PORT', console: 'CONSOLE_PORT', sandbox: 'SANDBOX_PORT' };

const specsOf = async (ports: Ports, options: HubOptions, env: Record<string, string>): Promise<RoomSpec[]> => {
  const plain = Object.entries(ports).map(([room, port]) => ({
    room,
    name: room,
    url: `http://127.0.0.1:${port}`,
    env: { ...env, [PORT_VARIABLES[room] ?? `${room.toUpperCase()}_HEALTH_PORT`]: String(port) },
  }));
  const connectors = await Promise.all(
    options.partners.map(async (partner) => {
      const port = await freePort();
      return { room: 'connector', name: `connector-${partner}`, url: `http://127.0.0.1:${port}`, env: { ...env, CONNECTOR_PARTNER: partner, CONNECTOR_HEALTH_PORT: String(port) } };
    }),
  );
  return [...plain, ...connectors];
};

/** Gives a key for the console. */
const prepare = async (options: HubOptions, env: Record<string, string>): Promise<string> => {
  const file = join(options.dir, 'trunkline.yaml');
  await mkdir(options.dir, { recursive: true });
  await writeFile(file, options.manifest);
  const cli = (...args: string[]) => run(process.execPath, ['dist/apps/cli/main.js', ...args], { cwd: PROJECT_ROOT, env: { PATH: process.env['PATH'], ...env } });
  await cli('migrate');
  await cli('apply', file);
  const { stdout } = await cli('keys', 'create', '--name', 'harness', '--scope', 'admin', '--json');
  return (JSON.parse(stdout) as { text: string }).text;
};

/** Migrates, applies the manifest, and starts every room of `dist/` on a free port. Needs a build. */
export const startHub = async (options: HubOptions): Promise<Hub> => {
  const ports = await choosePorts();
  const sandboxUrl = `http://127.0.0.1:${ports.sandbox}`;
  const env = { DATABASE_URL: options.databaseUrl, NATS_URL: options.natsUrl, SANDBOX_URL: sandboxUrl, MASTER_KEYS: TEST_MASTER_KEYS, ...options.env };
  const consoleKey = await prepare(options, env);
  const logFile = (room: string): string => join(options.dir, `${room}.log`);
  const rooms = new Map((await specsOf(ports, options, env)).map((spec) => [spec.name, roomProcess({ ...spec, files: options.files?.[spec.name] }, logFile(spec.name))]));
  const stop = async (): Promise<void> => void (await Promise.all([...rooms.values()].map((room) => room.stop())));
  try {
    await Promise.all([...rooms.values()].map((room) => room.start()));
  } catch (error) {
    await stop();
    throw error;
  }
  return { ingestUrl: `http://127.0.0.1:${ports.ingest}`, consoleUrl: `http://127.0.0.1:${ports.console}`, sandboxUrl, consoleKey, rooms, logFile, stop };
};
