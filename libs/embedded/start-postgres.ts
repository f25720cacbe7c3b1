import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { HubError, isHubError } from '#contract';
import { createCluster, type Cluster } from './create-cluster.ts';
import { claimFolder, clearPidFile, recordServer, releasing } from './folder-claim.ts';
import { freePort } from './free-port.ts';
import { postgresBinaries, type PostgresBinaries } from './postgres-binaries.ts';
import { postgresPlace, reachableBinaries } from './postgres-place.ts';
import { serverAccount, type Account } from './server-account.ts';
import { spawnServer, type RunningServer } from './spawn-server.ts';

export type PostgresOptions = {
  /** Keeps data, password, log and owner; made when missing. */
  dir: string;
  /** Default: a free one. */
  port?: number;
  /** One line per long step, for a person who waits. */
  onLog?: (line: string) => void;
  /** Server settings on top of ours, such as `{ fsync: 'off' }`. */
  settings?: Record<string, string>;
};

type Plan = { cluster: Cluster; place: string; binaries: PostgresBinaries; account: Account | undefined; settings: Record<string, string> };

/** postmaster.pid names its writer in the first line and says in the eighth how far the server is. */
const readPidFile = async (data: string): Promise<{ pid: number; status?: string }> => {
  const lines = (await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
  return { pid: Number(lines[0]), status: lines[7]?.trim() };
};

const isReady = async (data: string, pid: number): Promise<boolean> => {
  const file = await readPidFile(data);
  return file.pid === pid && file.status === 'ready';
};

const launch = async (plan: Plan, port: number): Promise<RunningServer> => {
  const { cluster, place, binaries, account } = plan;
  await clearPidFile(join(cluster.data, 'postmaster.pid'), 'postgres');
  const settings = { listen_addresses: '127.0.0.1', unix_socket_directories: '', max_connections: '200', ...plan.settings };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const server = await spawnServer({
    name: 'Postgres',
    path: binaries.postgres,
    args: ['-D', cluster.data, '-p', String(port), ...flags],
    logFile: join(place, 'postgres.log'),
    ...account,
    stopSignal: 'SIGINT',
    ready: (pid) => isReady(cluster.data, pid),
    readyWithinMs: 60_000,
  });
  return { ...server, port, url: `postgres://postgres:${encodeURIComponent(cluster.password)}@127.0.0.1:${port}/trunkline` };
};

/** A killed server's children hold its memory for a moment longer, and a free port can be taken in between: try again. */
const launchPatiently = async (plan: Plan, port: number | undefined): Promise<RunningServer> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await launch(plan, port ?? (await freePort()));
    } catch (error) {
      const passing = isHubError(error) && /still in use|Address already in use/.test(error.message);
      if (!passing || attempt === 8) throw error;
      if (port !== undefined && /Address already in use/.test(error.message)) {
        throw new HubError('port-taken', `Port ${port} is taken. Choose another one for Postgres.`, { cause: error });
      }
      await delay(250);
    }
  }
};

/**
 * Starts a real Postgres whose data stays in `dir`, made on first use. Reachable on 127.0.0.1 only, by the url's password.
 * A server that a killed run left behind is stopped first; throws `folder-in-use` while a living process has the folder.
 */
export const startPostgres = async ({ dir, port, onLog = () => undefined, settings = {} }: PostgresOptions): Promise<RunningServer> => {
  await claimFolder(dir, onLog);
  const account = serverAccount(onLog);
  const binaries = await reachableBinaries(await postgresBinaries(), account);
  const place = await postgresPlace(dir, account, onLog);
  const cluster = await createCluster({ place, binaries, account, durable: settings.fsync !== 'off', onLog });
  onLog('starting');
  const server = await launchPatiently({ cluster, place, binaries, account, settings }, port);
  await recordServer(dir, server.pid);
  return releasing(server, dir);
};
