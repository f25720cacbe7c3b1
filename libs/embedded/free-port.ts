import { createServer } from 'node:net';

const tryPort = (port: number, host: string): Promise<number | undefined> =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(undefined));
    probe.listen(port, host, () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : undefined));
    });
  });

const given = new Set<number>();

/** A port of 127.0.0.1 that nobody listened on a moment ago, and that this process was not given before: it may not listen there yet. */
export const freePort = async (): Promise<number> => {
  const port = await tryPort(0, '127.0.0.1');
  if (port === undefined) throw new Error('The system has no free port on 127.0.0.1.');
  if (given.has(port)) return freePort();
  given.add(port);
  return port;
};

/** `preferred` when it is free on every address, else a free port near it (within 100), else any free one. */
export const choosePort = async (preferred: number, taken: ReadonlySet<number> = new Set()): Promise<number> => {
  for (let port = preferred; port < preferred + 100; port += 10) {
    if (taken.has(port)) continue;
    const everywhere = await tryPort(port, '0.0.0.0');
    const here = everywhere && (await tryPort(port, '127.0.0.1'));
    if (here) return port;
  }
  return freePort();
};
