import type { RunningServer } from '#embedded';

type Needs = {
  /** Starts the server, on the port it had before when that is given. */
  start(port?: number): Promise<RunningServer>;
  tell(line: string): void;
  pause(ms: number): Promise<void>;
};

/** A server that is started again when it dies. `url` and `port` stay what they were. */
export type KeptServer = { url: string; port: number; stop(): Promise<void> };

const TRIES = 5;

/** Starts a server and keeps it running: one that dies is started again in its place, and the rooms recover by themselves. */
export const keepServer = async ({ start, tell, pause }: Needs): Promise<KeptServer> => {
  let server = await start();
  let stopping = false;
  let restarting: Promise<void> = Promise.resolve();
  const { url, port } = server;

  const restart = async (): Promise<void> => {
    for (let tries = 1; !stopping; tries += 1) {
      try {
        server = await start(port);
        return watch();
      } catch (error) {
        if (tries === TRIES) return tell(`It does not start any more: ${(error as Error).message}`);
        await pause(tries * 500);
      }
    }
  };
  const watch = (): void =>
    void server.died.then((why) => {
      if (stopping) return;
      tell(`${why}: starting it again.`);
      restarting = restart();
    });
  watch();
  const stop = async (): Promise<void> => {
    stopping = true;
    await restarting;
    await server.stop();
  };
  return { url, port, stop };
};
