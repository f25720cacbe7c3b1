import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder, findNatsServer, NATS_SOURCES, startNats, type NatsServer } from '#embedded';
import { scratchFolder } from './scratch-folder.ts';

export type TestNats = {
  url: string;
  server: NatsServer;
  /** JetStream's folder. */
  store: string;
  pid(): number;
  /** Stops the server and keeps its store and port. */
  halt(): Promise<void>;
  /** Starts it again where it was. */
  resume(): Promise<void>;
  /** Stops it and throws its whole JetStream store away, as a lost disk would. */
  loseStore(): Promise<void>;
  /** Ends it for good. */
  stop(): Promise<void>;
};

/** A nats-server with JetStream for one test file. TRUNKLINE_NATS_SOURCE (path, wheel, debian) chooses which one. */
export const startTestNats = async ({ config }: { config?: string } = {}): Promise<TestNats> => {
  const source = NATS_SOURCES.find((name) => name === process.env.TRUNKLINE_NATS_SOURCE);
  const server = await findNatsServer({ source, cacheDir: cacheFolder(process.env), path: process.env.PATH });
  const options = { dir: await scratchFolder('nats'), port: undefined as number | undefined, server, config };
  let running = await startNats(options);
  options.port = running.port;
  const store = join(options.dir, 'jetstream');
  const lose = () => rm(store, { recursive: true, force: true });
  return {
    url: running.url,
    server,
    store,
    pid: () => running.pid,
    halt: () => running.stop(),
    resume: async () => {
      running = await startNats(options);
    },
    loseStore: async () => {
      await running.stop();
      await lose();
    },
    stop: async () => {
      await running.stop();
      await rm(options.dir, { recursive: true, force: true });
    },
  };
};
