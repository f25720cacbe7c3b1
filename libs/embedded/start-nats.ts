import { readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { HubError, isHubError } from '#contract';
import { claimFolder, clearPidFile, recordServer, releasing } from './folder-claim.ts';
import { spawnServer, type RunningServer } from './spawn-server.ts';

export type NatsOptions = {
  /** Keeps the JetStream store, the config, the log and the owner; made when missing. */
  dir: string;
  /** Default: a free one. */
  port?: number;
  /** As found by findNatsServer. */
  server: { path: string };
  onLog?: (line: string) => void;
  /** More lines for the config file. */
  config?: string;
};

const configText = (dir: string, port: number, more: string): string =>
  [
    `listen: "127.0.0.1:${port}"`,
    'server_name: "trunkline"',
    `pid_file: ${JSON.stringify(join(dir, 'nats.pid'))}`,
    `ports_file_dir: ${JSON.stringify(dir)}`,
    'max_payload: 2MB',
    `jetstream { store_dir: ${JSON.stringify(join(dir, 'jetstream'))}, max_memory_store: 256MB }`,
    more,
    '',
  ].join('\n');

/** nats-server writes `<program>_<pid>.ports` when it listens, JetStream included. */
const listensOn = async (dir: string, path: string, pid: number): Promise<number | undefined> => {
  const text = await readFile(join(dir, `${basename(path)}_${pid}.ports`), 'utf8').catch(() => '');
  return Number(/"nats":\s*\[\s*"(?:nats|tls):\/\/[^"]*:(\d+)"/.exec(text)?.[1]) || undefined;
};

const launch = async ({ dir, server, port, config = '' }: NatsOptions): Promise<RunningServer> => {
  const pidFile = join(dir, 'nats.pid');
  await clearPidFile(pidFile, 'nats-server');
  // Its own owner's alone: the users' passwords may be in it.
  await rm(join(dir, 'nats.conf'), { force: true });
  await writeFile(join(dir, 'nats.conf'), configText(dir, port ?? -1, config), { mode: 0o600 });
  let listens: number | undefined;
  const running = await spawnServer({
    name: 'nats-server',
    path: server.path,
    args: ['-c', join(dir, 'nats.conf')],
    logFile: join(dir, 'nats.log'),
    stopSignal: 'SIGTERM',
    ready: async (pid) => (listens = await listensOn(dir, server.path, pid)) !== undefined,
    readyWithinMs: 60_000,
  });
  return { ...running, port: listens!, url: `nats://127.0.0.1:${listens}` };
};

/**
 * Starts nats-server with JetStream stored in `dir`, reachable on 127.0.0.1 only. A server that a killed run left behind is
 * stopped first; throws `folder-in-use` while a living process has the folder, `port-taken` when the asked port is.
 */
export const startNats = async (options: NatsOptions): Promise<RunningServer> => {
  await claimFolder(options.dir, options.onLog);
  try {
    const running = await launch(options);
    await recordServer(options.dir, running.pid);
    return releasing(running, options.dir);
  } catch (error) {
    if (!isHubError(error) || !error.message.includes('address already in use')) throw error;
    throw new HubError('port-taken', `Port ${options.port} is taken. Choose another one for NATS.`, { cause: error });
  }
};
