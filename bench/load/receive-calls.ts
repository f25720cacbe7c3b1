import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';

export type Receiver = {
  url: string;
  /** Forgets everything, and calls back for each number that comes for the first time from now on. */
  begin(onFirst: (n: number) => void): void;
  received(): number;
  /** Calls for a number that had been there before. */
  doubled(): number;
};

const ANSWER = JSON.stringify({ ok: true });
const HEADERS = { 'content-type': 'application/json', 'content-length': ANSWER.length };

/** A partner that only takes `POST /calls/<n>`: as little as possible of what is measured. */
export const receiveCalls = async (): Promise<Receiver> => {
  let seen = new Set<number>();
  let doubled = 0;
  let first: (n: number) => void = () => undefined;

  const take = (n: number): void => {
    if (seen.has(n)) doubled += 1;
    else {
      seen.add(n);
      first(n);
    }
  };
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const n = Number(request.url!.slice('/calls/'.length));
    request.on('end', () => {
      take(n);
      response.writeHead(200, HEADERS).end(ANSWER);
    });
    request.resume();
  });
  server.keepAliveTimeout = 72_000;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    begin: (onFirst) => {
      seen = new Set();
      doubled = 0;
      first = onFirst;
    },
    received: () => seen.size,
    doubled: () => doubled,
  };
};
