import { join } from 'node:path';
import { cacheFolder, findNatsServer, freePort, startNats, startPostgres, type RunningServer } from '#embedded';
import { stopLater, type Bench } from './bench.ts';
import { installBaselines } from './baselines.ts';
import { findRedis, startRedis, type RunningRedis } from './redis-server.ts';

/** Postgres as the hub embeds it: every commit on the disk. */
export const startBenchPostgres = async (bench: Bench): Promise<RunningServer> =>
  stopLater(bench, await startPostgres({ dir: join(bench.folder, `postgres-${await freePort()}`), onLog: bench.say }));

export const startBenchNats = async (bench: Bench): Promise<RunningServer & { version: string }> => {
  const server = await findNatsServer({ cacheDir: cacheFolder(process.env), path: process.env['PATH'], onProgress: bench.say });
  const nats = stopLater(bench, await startNats({ dir: join(bench.folder, `nats-${await freePort()}`), server }));
  return { ...nats, version: server.version };
};

/** Redis and the baselines' packages, or in a sentence why there is nothing to compare with. */
export const startBenchRedis = async (bench: Bench): Promise<RunningRedis | { missing: string }> => {
  try {
    await installBaselines(bench.say);
    const program = await findRedis(cacheFolder(process.env), bench.say);
    const port = await freePort();
    return stopLater(bench, await startRedis(program, join(bench.folder, `redis-${port}`), port));
  } catch (error) {
    return { missing: (error as Error).message };
  }
};
