import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '#embedded';
import { TEST_MASTER_KEYS } from '#testkit';
import { natsUrlOf } from './nats-access.ts';
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
  /** True: each room gets a login of its own to the database, which can be nothing else. On a cluster of its own, to which logins belong. */
  ownLogins?: boolean;
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

type Ports = Record<'ingest' | 'console' | 'sandbox' | 'relay' | 'router' | 'projector' | 'scheduler' | 'keeper' | 'notifier', number>;

const choosePorts = async (sandbox: number): Promise<Ports> => {
  const names = ['ingest', 'console', 'relay', 'router', 'projector', 'scheduler', 'keeper', 'notifier'] as const;
  const ports = await Promise.all(names.map(() => freePort()));
  return { ...(Object.fromEntries(names.map((name, i) => [name, ports[i]])) as Omit<Ports, 'sandbox'>), sandbox };
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

const PASSWORDS = Object.fromEntries(['INGEST', 'RELAY', 'ROUTER', 'CONNECTOR', 'SCHEDULER', 'PROJECTOR', 'CONSOLE', 'KEEPER', 'NOTIFIER', 'OPERATOR'].map((room) => [`DB_PASSWORD_${room}`, 'of-one-room']));

const databaseUrlOf = ({ databaseUrl, ownLogins }: HubOptions, room: string): string =>
  ownLogins === true ? databaseUrl.replace(/\/\/[^@]*@/, `//trunkline_${room}_login:of-one-room@`) : databaseUrl;

/** Gives a key for the console. */
const prepare = async (options: HubOptions, env: Record<string, string>): Promise<string> => {
  const file = join(options.dir, 'trunkline.yaml');
  await mkdir(options.dir, { recursive: true });
  await writeFile(file, options.manifest);
  const cli = (...args: string[]) => run(process.execPath, ['dist/apps/cli/main.js', ...args], { cwd: PROJECT_ROOT, env: { PATH: process.env['PATH'], ...PASSWORDS, ...env } });
  await cli('migrate');
  if (options.ownLogins === true) await cli('logins', 'create');
  await cli('apply', file);
  const { stdout } = await cli('keys', 'create', '--name', 'harness', '--scope', 'admin', '--json');
  return (JSON.parse(stdout) as { text: string }).text;
};

/** Migrates, applies the manifest, and starts every room of `dist/` on a free port. Needs a build. */
export const startHub = async (options: HubOptions): Promise<Hub> => {
  const sandbox = await freePort();
  const sandboxUrl = `http://127.0.0.1:${sandbox}`;
  const env = { DATABASE_URL: options.databaseUrl, SANDBOX_URL: sandboxUrl, MASTER_KEYS: TEST_MASTER_KEYS, ...options.env };
  const consoleKey = await prepare(options, env);
  // As late as can be: until its room listens, a port is anybody's.
  const ports = await choosePorts(sandbox);
  const logFile = (room: string): string => join(options.dir, `${room}.log`);
  const withAccess = (spec: RoomSpec): RoomSpec => ({ ...spec, env: { ...spec.env, NATS_URL: natsUrlOf(options.natsUrl, spec.name), DATABASE_URL: databaseUrlOf(options, spec.room) } });
  const rooms = new Map((await specsOf(ports, options, env)).map((spec) => [spec.name, roomProcess({ ...withAccess(spec), files: options.files?.[spec.name] }, logFile(spec.name))]));
  const stop = async (): Promise<void> => void (await Promise.all([...rooms.values()].map((room) => room.stop())));
  try {
    await Promise.all([...rooms.values()].map((room) => room.start()));
  } catch (error) {
    await stop();
    throw error;
  }
  return { ingestUrl: `http://127.0.0.1:${ports.ingest}`, consoleUrl: `http://127.0.0.1:${ports.console}`, sandboxUrl, consoleKey, rooms, logFile, stop };
};
