import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { HubError, isHubError } from '#contract';
import { claimFolder, clearPidFile, recordServer } from './folder-claim.ts';
import { freePort } from './free-port.ts';
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
    'listen: "127.0.0.1:' + port + '"',
    'server_name: "trunkline"',
    'pid_file: ' + JSON.stringify(join(dir, 'nats.pid')),
    'max_payload: 2MB',
    'jetstream { store_dir: ' + JSON.stringify(join(dir, 'jetstream')) + ', max_memory_store: 256MB }',
    more,
    '',
  ].join('\n');

/** Whether a NATS server says hello there: its first words are `INFO {…}`, and JetStream is on. */
const saysHello = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(1_000, () => end(false));
    socket.once('error', () => end(false));
    socket.once('data', (hello) => end(hello.toString().startsWith('INFO ') && hello.includes('"jetstream":true')));
  });

const launch = async ({ dir, server, config = '' }: NatsOptions, port: number): Promise<RunningServer> => {
  const pidFile = join(dir, 'nats.pid');
  await clearPidFile(pidFile, 'nats-server');
  await writeFile(join(dir, 'nats.conf'), configText(dir, port, config));
  const running = await spawnServer({
    name: 'nats-server',
    path: server.path,
    args: ['-c', join(dir, 'nats.conf')],
    logFile: join(dir, 'nats.log'),
    stopSignal: 'SIGTERM',
    ready: async (pid) => (await readFile(pidFile, 'utf8').catch(() => '')).trim() === String(pid) && saysHello(port),
    readyWithinMs: 60_000,
  });
  return { ...running, port, url: `nats://127.0.0.1:${port}` };
};

/**
 * Starts nats-server with JetStream stored in `dir`, reachable on 127.0.0.1 only. A server that a killed run left behind is
 * stopped first; throws `folder-in-use` while a living process has the folder, `port-taken` when the asked port is.
 */
export const startNats = async (options: NatsOptions): Promise<RunningServer> => {
  await mkdir(options.dir, { recursive: true });
  await claimFolder(options.dir, options.onLog ?? (() => undefined));
  for (let attempt = 1; ; attempt += 1) {
    try {
      const running = await launch(options, options.port ?? (await freePort()));
      await recordServer(options.dir, running.pid);
      return running;
    } catch (error) {
      if (!isHubError(error) || !error.message.includes('address already in use')) throw error;
      if (options.port) throw new HubError('port-taken', `Port ${options.port} is taken. Choose another one for NATS.`, { cause: error });
      if (attempt === 5) throw error;
      await delay(100);
    }
  }
};
