import { rm } from 'node:fs/promises';
import { freePort, startPostgres } from '#embedded';
import { scratchFolder } from './scratch-folder.ts';

/** Fast and forgetful: for clusters that nobody needs after a power cut. */
export const TEST_SETTINGS = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '400' };

export type TestPostgres = {
  url: string;
  pid(): number;
  /** Stops the server and keeps its data and port. */
  halt(): Promise<void>;
  /** Starts it again where it was. */
  resume(): Promise<void>;
  /** Ends it for good and removes its data. */
  stop(): Promise<void>;
};

/** A Postgres of its own for a test of outages; it writes durably unless `durable` is false. */
export const startTestPostgres = async ({ durable = true } = {}): Promise<TestPostgres> => {
  const options = { dir: await scratchFolder('own-postgres'), port: await freePort(), settings: durable ? {} : TEST_SETTINGS };
  let server = await startPostgres(options);
  return {
    url: server.url,
    pid: () => server.pid,
    halt: () => server.stop(),
    resume: async () => {
      server = await startPostgres(options);
    },
    stop: async () => {
      await server.stop();
      await rm(options.dir, { recursive: true, force: true });
    },
  };
};
