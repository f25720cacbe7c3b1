import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { askedToStop, endsWithin, guardProcess, keepTicksFast, loadConfig, orStopped, withValues } from '#boot';
import type { Manifest } from '#contract';
import { startTelemetry } from '#telemetry';
import { COMMANDS } from '../cli/commands.ts';
import { readManifest } from '../cli/read-manifest.ts';
import { choosePorts, type Ports } from './choose-ports.ts';
import { drawId, exampleWebhook } from './example-webhook.ts';
import { firstKey } from './first-key.ts';
import { withMasterKeys } from './master-keys.ts';
import { showProgress, type Progress, type Screen } from './progress.ts';
import { removeRunning, writeRunning, type Running } from './running-file.ts';
import { standaloneConfig, type StandaloneConfig } from './standalone.config.ts';
import { startRooms, type Rooms } from './start-rooms.ts';
import { startServers, type Servers } from './start-servers.ts';
import { untilReady } from './until-ready.ts';
import { writeSummary } from './write-summary.ts';

const DRAIN_WITHIN_MS = 15_000;
const WORKERS = ['RELAY', 'ROUTER', 'CONNECTOR', 'SCHEDULER', 'PROJECTOR', 'KEEPER', 'NOTIFIER'];

/** What the rooms find in their environment: the caller's, with the places that were chosen here. */
const roomEnvironment = (env: NodeJS.ProcessEnv, config: StandaloneConfig, servers: Servers, ports: Ports): NodeJS.ProcessEnv =>
  withValues(env, {
    DATABASE_URL: servers.databaseUrl,
    SANDBOX_URL: `http://127.0.0.1:${ports.sandbox}`,
    INGEST_PORT: String(ports.ingest),
    CONSOLE_PORT: String(ports.console),
    SANDBOX_PORT: String(ports.sandbox),
    LOG_LEVEL: config.logLevel,
    ...Object.fromEntries(WORKERS.map((name) => [`${name}_HEALTH_PORT`, '0'])),
  });

type Prepared = { manifest: Manifest; key: string | undefined };

const prepareDatabase = (config: StandaloneConfig, env: NodeJS.ProcessEnv, progress: Progress): Promise<Prepared> =>
  progress.step('Schema', async (say) => {
    say('bringing the database to this version');
    await COMMANDS['migrate']!.run('', env);
    say(`applying ${config.manifest}`);
    await COMMANDS['apply']!.run(config.manifest, env);
    return { manifest: (await readManifest(config.manifest)).manifest, key: await firstKey(env) };
  });

const openRooms = (env: NodeJS.ProcessEnv, { natsUrlOf }: Servers, stop: AbortSignal, progress: Progress): Promise<Rooms> =>
  progress.step(
    'Rooms',
    async (say) => {
      const rooms = await orStopped(startRooms(env, natsUrlOf), stop);
      const ask = (url: string) => fetch(url, { signal: AbortSignal.timeout(2_000) }).then((answer) => answer.ok);
      try {
        await untilReady({ ask, pause, say })(rooms.urls, stop);
      } catch (error) {
        await rooms.stop();
        throw error;
      }
      return rooms;
    },
    (rooms) => `${Object.keys(rooms.urls).length} are ready`,
  );

const movedPorts = (config: StandaloneConfig, ports: Ports): string[] =>
  ([['ingest', config.ingestPort], ['console', config.consolePort], ['sandbox', config.sandboxPort]] as const)
    .filter(([name, usual]) => ports[name] !== usual)
    .map(([name, usual]) => `port ${usual} is taken by another program: ${name} is on ${ports[name]}`);

const runningOf = ({ urls }: Rooms, servers: Servers): Running => ({
  pid: process.pid,
  ingestUrl: urls['ingest']!,
  consoleUrl: urls['console']!,
  sandboxUrl: urls['sandbox']!,
  databaseUrl: servers.databaseUrl,
  natsUrl: servers.natsUrl,
});

type Start = { config: StandaloneConfig; given: NodeJS.ProcessEnv; servers: Servers; stop: AbortSignal; progress: Progress };

const openHub = async ({ config, given, servers, stop, progress }: Start): Promise<Rooms> => {
  const ports = await choosePorts(config, given);
  const env = await withMasterKeys(roomEnvironment(given, config, servers, ports), config.dataDir);
  const { manifest, key } = await prepareDatabase(config, env, progress);
  stop.throwIfAborted();
  const rooms = await openRooms(env, servers, stop, progress);
  const running = runningOf(rooms, servers);
  // Before anybody is told that it runs: what is beside it asks this file where.
  await writeRunning(config.dataDir, running);
  progress.line(
    writeSummary({
      running,
      postgres: servers.about.postgres,
      nats: servers.about.nats,
      manifest: `${config.manifest}: ${manifest.integrations.length} integrations, ${manifest.routes.length} routes`,
      key,
      curl: exampleWebhook(manifest, running.ingestUrl, { env, nowMs: Date.now(), id: drawId }),
      tookMs: process.uptime() * 1_000,
      moved: movedPorts(config, ports),
    }),
  );
  return rooms;
};

/**
 * The life of the whole hub as one process: servers, schema, rooms, a summary; then it stays until it is asked to stop, drains
 * and stops everything that it started. Rejects with the error that kept it from starting.
 */
export const runStandalone = async (env: NodeJS.ProcessEnv, screen: Screen): Promise<void> => {
  keepTicksFast();
  const { signal, stop } = askedToStop();
  const progress = showProgress(screen, () => performance.now());
  guardProcess('standalone', progress.line);
  const given = loadConfig(standaloneConfig, env);
  const config = { ...given, dataDir: resolve(given.dataDir) };
  await mkdir(config.dataDir, { recursive: true });
  const telemetry = startTelemetry({ room: 'standalone', env });
  const servers = await startServers(config, env, progress);
  try {
    stop.throwIfAborted();
    const rooms = await openHub({ config, given: env, servers, stop, progress });
    await signal;
    progress.line('\nStopping: finishing what is in hand (Ctrl-C again to leave at once) …');
    await removeRunning(config.dataDir);
    if (!(await endsWithin(DRAIN_WITHIN_MS, rooms.stop()))) progress.line('Some work did not end in time; it is taken up again at the next start.');
    await telemetry.stop();
  } finally {
    await servers.stop();
  }
  progress.line('Stopped. The data is kept.');
};
