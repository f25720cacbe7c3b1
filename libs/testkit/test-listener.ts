import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Heard = { method: string; path: string; headers: IncomingHttpHeaders; body: string };

export type Listener = { url: string; heard: Heard[]; answer(next: { status: number; body?: string; headers?: Record<string, string> }): void; stop(): Promise<void> };

/** A real HTTP server on this machine that keeps what it is sent, and answers as Slack does until it is told otherwise. */
export const openListener = async (): Promise<Listener> => {
  const heard: Heard[] = [];
  let next: { status: number; body?: string; headers?: Record<string, string> } = { status: 200, body: 'ok' };
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    heard.push({ method: request.method!, path: request.url!, headers: request.headers, body: Buffer.concat(parts).toString() });
    response.writeHead(next.status, { 'content-type': 'text/html', ...next.headers }).end(next.body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    heard,
    answer: (given) => void (next = given),
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
};
