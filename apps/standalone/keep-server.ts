import type { RunningServer } from '#embedded';

type Needs = {
  /** Starts the server, on the port it had before when that is given. */
  start(port?: number): Promise<RunningServer>;
  tell(line: string): void;
  pause(ms: number): Promise<void>;
};

/** A server that is started again when it dies. `url` and `port` stay what they were. */
export type KeptServer = {
  url: string;
  port: number;
  /** Stops it and starts it anew. */
  restart(): Promise<void>;
  stop(): Promise<void>;
};

const LONGEST_PAUSE_MS = 5_000;
/** Of the tries in a row that fail, these are told. */
const TOLD = new Set([5, 50, 500]);

/** Starts a server and keeps it running: one that dies is started again in its place, and the rooms recover by themselves. */
export const keepServer = async ({ start, tell, pause }: Needs): Promise<KeptServer> => {
  let server = await start();
  let stopping = false;
  let restarting: Promise<void> = Promise.resolve();
  const { url, port } = server;

  const startAgain = async (): Promise<void> => {
    for (let tries = 1; !stopping; tries += 1) {
      try {
        server = await start(port);
        return watch();
      } catch (error) {
        if (TOLD.has(tries)) tell(`It does not start, and is tried on: ${(error as Error).message}`);
        await pause(Math.min(tries * 500, LONGEST_PAUSE_MS));
      }
    }
  };
  const watch = (): void =>
    void server.died.then((why) => {
      if (stopping) return;
      tell(`${why}: starting it again.`);
      restarting = startAgain();
    });
  watch();
  const restart = async (): Promise<void> => {
    await restarting;
    if (stopping) return;
    restarting = server.stop().then(startAgain);
    await restarting;
  };
  const stop = async (): Promise<void> => {
    stopping = true;
    await restarting;
    await server.stop();
  };
  return { url, port, restart, stop };
};
