import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { cacheFolder, findNatsServer, startNats, startPostgres } from '#embedded';
import { OBSERVER } from '#walls';
import { keepServer, type KeptServer } from './keep-server.ts';
import { drawNatsAccess } from './nats-access.ts';
import type { Progress } from './progress.ts';
import type { StandaloneConfig } from './standalone.config.ts';
import { freeBytesAt, readOn, watchFullDisk } from './watch-full-disk.ts';

/** Where the two servers are, ours or yours; `about` is for a person. */
export type Servers = {
  databaseUrl: string;
  /** For a person who watches. */
  natsUrl: string;
  /** For a room, by its name: each has a user of its own. */
  natsUrlOf(room: string): string;
  about: { postgres: string; nats: string };
  stop(): Promise<void>;
};

type Stop = () => Promise<void>;
type Started = { url: string; about: string; stop: Stop };
type StartedBus = Started & { urlOf(user: string): string };

const nothing: Stop = async () => undefined;
const withoutPassword = (url: string): string => url.replace(/:[^:/@]*@/, ':***@');

const startDatabase = (config: StandaloneConfig, progress: Progress): Promise<Started> => {
  const dir = join(config.dataDir, 'postgres');
  return progress.step(
    'Postgres',
    async (say) => {
      if (config.databaseUrl) return { url: config.databaseUrl, about: `yours, ${withoutPassword(config.databaseUrl)}`, stop: nothing };
      const start = (port?: number) => startPostgres({ dir, port, onLog: say });
      const kept = await keepServer({ start, tell: progress.line, pause });
      return { url: kept.url, about: `port ${kept.port}, data in ${dir}`, stop: kept.stop };
    },
    (started) => started.about,
  );
};

const LOOK_EVERY_MS = 2_000;

/** Looks after a nats-server over `dir` for as long as it runs; answers how to stop both. */
const watchBus = async (dir: string, kept: KeptServer, tell: (line: string) => void): Promise<Stop> => {
  const look = watchFullDisk({ newWords: await readOn(join(dir, 'nats.log')), freeBytes: () => freeBytesAt(dir), restart: kept.restart, tell });
  let looking: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    // A log that cannot be read now is read at the next look.
    looking = looking.then(look).catch(() => undefined);
  }, LOOK_EVERY_MS);
  return async () => {
    clearInterval(timer);
    await kept.stop();
    await looking;
  };
};

const startBus = (config: StandaloneConfig, env: NodeJS.ProcessEnv, progress: Progress): Promise<StartedBus> => {
  const dir = join(config.dataDir, 'nats');
  return progress.step(
    'NATS',
    async (say) => {
      if (config.natsUrl) return { url: config.natsUrl, urlOf: () => config.natsUrl, about: `yours, ${withoutPassword(config.natsUrl)}`, stop: nothing };
      const source = config.natsSource === 'any' ? undefined : config.natsSource;
      const server = await findNatsServer({ source, cacheDir: cacheFolder(env), path: env['PATH'], onProgress: say });
      const access = drawNatsAccess();
      const kept = await keepServer({ start: (port) => startNats({ dir, port, server, config: access.config, onLog: say }), tell: progress.line, pause });
      return {
        url: access.urlFor(kept.url, OBSERVER),
        urlOf: (user) => access.urlFor(kept.url, user),
        about: `${server.version} (${server.source}), port ${kept.port}, store in ${dir}`,
        stop: await watchBus(dir, kept, progress.line),
      };
    },
    (started) => started.about,
  );
};

/** Starts the embedded servers, except those whose URL is configured. What was started is stopped again when one of them fails. */
export const startServers = async (config: StandaloneConfig, env: NodeJS.ProcessEnv, progress: Progress): Promise<Servers> => {
  const database = await startDatabase(config, progress);
  try {
    const bus = await startBus(config, env, progress);
    return {
      databaseUrl: database.url,
      natsUrl: bus.url,
      natsUrlOf: bus.urlOf,
      about: { postgres: database.about, nats: bus.about },
      stop: async () => {
        await bus.stop();
        await database.stop();
      },
    };
  } catch (error) {
    await database.stop();
    throw error;
  }
};
