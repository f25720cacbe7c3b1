import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { endsWithin, loadConfig, orStopped } from '#boot';
import type { Manifest } from '#contract';
import { freePort } from '#embedded';
import { COMMANDS } from '../../apps/cli/commands.ts';
import { readManifest } from '../../apps/cli/read-manifest.ts';
import type { Progress } from '../../apps/standalone/progress.ts';
import { withMasterKeys } from '../../apps/standalone/master-keys.ts';
import { standaloneConfig } from '../../apps/standalone/standalone.config.ts';
import { startRooms, type Rooms } from '../../apps/standalone/start-rooms.ts';
import { startServers, type Servers } from '../../apps/standalone/start-servers.ts';
import { untilReady } from '../../apps/standalone/until-ready.ts';
import { drawSecret } from './sign-delivery.ts';

/** A whole hub of its own: servers, rooms and played partners. */
export type DemoHub = { manifest: Manifest; env: NodeJS.ProcessEnv; databaseUrl: string; ingestUrl: string; sandboxUrl: string; stop(): Promise<void> };

const DRAIN_WITHIN_MS = 15_000;

/** What a machine needs; everything else that may be set belongs to another hub. */
const KEPT = ['PATH', 'HOME', 'TMPDIR', 'XDG_CACHE_HOME', 'TRUNKLINE_NATS_SOURCE', 'LOG_LEVEL', 'OTEL_EXPORTER_OTLP_ENDPOINT'];

/** Retries come at once here: the demo shows that they come, not how patient they are. */
const IMPATIENCE = { CONNECTOR_BACKOFF_BASE_MS: '50', CONNECTOR_BACKOFF_CAP_MS: '500', CONNECTOR_MAX_ATTEMPTS: '50', CONNECTOR_BREAKER_FIRST_OPEN_MS: '200', CONNECTOR_BREAKER_MAX_OPEN_MS: '1000' };

const secrets = (): NodeJS.ProcessEnv => ({
  DEMO_STRIPE_SECRET: drawSecret('stripe'),
  DEMO_SLACK_SECRET: drawSecret('slack'),
  DEMO_SHOP_SECRET: drawSecret('generic'),
  DEMO_STRIPE_KEY: 'sk_test_demo',
  DEMO_SLACK_TOKEN: 'xoxb-demo',
});

const serversEnvironment = (given: NodeJS.ProcessEnv, folder: string): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(KEPT.map((name) => [name, given[name]])),
  TRUNKLINE_DATA_DIR: folder,
});

const roomsEnvironment = async (base: NodeJS.ProcessEnv, servers: Servers): Promise<NodeJS.ProcessEnv> => {
  const [ingest, console_, sandbox] = await Promise.all([freePort(), freePort(), freePort()]);
  return {
    ...base,
    ...secrets(),
    ...IMPATIENCE,
    DATABASE_URL: servers.databaseUrl,
    SANDBOX_URL: `http://127.0.0.1:${sandbox}`,
    INGEST_HOST: '127.0.0.1',
    INGEST_PORT: String(ingest),
    CONSOLE_PORT: String(console_),
    SANDBOX_PORT: String(sandbox),
    LOG_LEVEL: base['LOG_LEVEL'] ?? 'error',
    ...Object.fromEntries(['RELAY', 'ROUTER', 'CONNECTOR', 'SCHEDULER', 'PROJECTOR', 'KEEPER', 'NOTIFIER'].map((name) => [`${name}_HEALTH_PORT`, '0'])),
  };
};

/** Sources and `dist/` are at different depths of the project. */
const projectRoot = (folder: string): string => (existsSync(join(folder, 'package.json')) ? folder : projectRoot(dirname(folder)));

const prepare = (env: NodeJS.ProcessEnv, progress: Progress): Promise<Manifest> =>
  progress.step(
    'Schema',
    async (say) => {
      say('migrating the database');
      await COMMANDS['migrate']!.run('', env);
      say('applying tools/demo/demo.yaml');
      const file = join(projectRoot(import.meta.dirname), 'tools', 'demo', 'demo.yaml');
      await COMMANDS['apply']!.run(file, env);
      return (await readManifest(file)).manifest;
    },
    ({ routes, integrations }) => `${integrations.length} integrations, ${routes.length} routes`,
  );

const openRooms = (env: NodeJS.ProcessEnv, { natsUrlOf }: Servers, stop: AbortSignal, progress: Progress): Promise<Rooms> =>
  progress.step(
    'Rooms',
    async (say) => {
      const rooms = await orStopped(startRooms(env, natsUrlOf), stop);
      const ask = (url: string) => fetch(url, { signal: AbortSignal.timeout(2_000) }).then(({ ok }) => ok);
      try {
        await untilReady({ ask, pause, say })(rooms.urls, stop);
        return rooms;
      } catch (error) {
        await rooms.stop();
        throw error;
      }
    },
    ({ urls }) => `${Object.keys(urls).length} are ready, the partners among them`,
  );

/** Starts servers over `folder` and every room in this process. What was started is stopped again when something fails. */
export const openHub = async (given: NodeJS.ProcessEnv, folder: string, stop: AbortSignal, progress: Progress): Promise<DemoHub> => {
  const base = serversEnvironment(given, folder);
  const servers = await startServers(loadConfig(standaloneConfig, base), base, progress);
  try {
    stop.throwIfAborted();
    const env = await withMasterKeys(await roomsEnvironment(base, servers), folder);
    const manifest = await prepare(env, progress);
    stop.throwIfAborted();
    const rooms = await openRooms(env, servers, stop, progress);
    return {
      manifest,
      env,
      databaseUrl: servers.databaseUrl,
      ingestUrl: rooms.urls['ingest']!,
      sandboxUrl: rooms.urls['sandbox']!,
      stop: async () => {
        await endsWithin(DRAIN_WITHIN_MS, rooms.stop());
        await servers.stop();
      },
    };
  } catch (error) {
    await servers.stop();
    throw error;
  }
};
