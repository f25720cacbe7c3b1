import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HubError } from '#contract';
import { COMMAND_HEADER } from '#partner-kit';
import { answerCall, type Reply } from './answer-call.flow.ts';
import { answerControl } from './control.ts';
import { grantToken } from './grant-token.ts';
import { headerText, json, type SandboxAnswer, type SandboxCall } from './played/played-partner.ts';
import { setStage, type Role } from './stage.ts';

export type SandboxOptions = {
  /** 0 takes any free port. */
  port: number;
  /** 127.0.0.1 by default: the sandbox believes everyone. */
  host?: string;
};

export type Sandbox = { url: string; stop(): Promise<void> };

const LONGEST_BODY = 5 * 1024 * 1024;
const REFERENCE = COMMAND_HEADER.toLowerCase();

const NOTHING = new URLSearchParams();

/** `/slack/api/x?y` → the partner's name, and the call as that partner sees it. */
const readCall = (request: IncomingMessage, body: Buffer): { first: string; call: SandboxCall } => {
  const url = request.url ?? '/';
  const mark = url.indexOf('?');
  const path = mark === -1 ? url : url.slice(0, mark);
  const slash = path.indexOf('/', 1);
  const first = slash === -1 ? path.slice(1) : path.slice(1, slash);
  const call: SandboxCall = {
    method: request.method ?? 'GET',
    path: slash === -1 ? '/' : path.slice(slash),
    query: mark === -1 ? NOTHING : new URLSearchParams(url.slice(mark + 1)),
    headers: request.headers,
    body,
  };
  call.reference = headerText(call, REFERENCE) ?? headerText(call, 'idempotency-key');
  call.correlationId = headerText(call, 'x-correlation-id');
  return { first, call };
};

const write = (response: ServerResponse, answer: SandboxAnswer): void => {
  response.writeHead(answer.status, { ...answer.headers, 'content-length': Buffer.byteLength(answer.body) });
  response.end(answer.body);
};

const send = (request: IncomingMessage, response: ServerResponse) => (reply: Reply): void => {
  if (reply.kind === 'answer') write(response, reply.answer);
  else if (reply.kind === 'drop') request.socket.destroy();
};

/** Reads the whole body, then hands over; a body that is too long is refused. */
const withBody = (request: IncomingMessage, response: ServerResponse, go: (body: Buffer) => void): void => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= LONGEST_BODY) chunks.push(chunk);
  });
  request.on('end', () => {
    if (bytes > LONGEST_BODY) write(response, json(413, { error: 'too_large' }));
    else go(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks));
  });
};

const serve = (stage: Map<string, Role>): Server => {
  const answer = answerCall({ later: (ms, act) => void setTimeout(act, ms) });
  // Plain node:http: the sandbox stands in the benchmark's path, and must cost little of what is measured.
  return createServer((request, response) =>
    withBody(request, response, (body) => {
      const { first, call } = readCall(request, body);
      const role = stage.get(first);
      if (role !== undefined) {
        const token = grantToken(first, call);
        return token === undefined ? answer(role, call, send(request, response)) : write(response, token);
      }
      if (first === '_sandbox') return write(response, answerControl(stage, call));
      if (first === 'health') return write(response, json(200, { status: 'ok' }));
      return write(response, json(404, { error: 'not_found', message: `The sandbox plays ${[...stage.keys()].join(', ')}.` }));
    }),
  );
};

const listen = (server: Server, port: number, host: string): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? new HubError('port-taken', `Port ${port} is taken. Set SANDBOX_PORT to another one.`, { cause: error }) : error),
    );
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });

/** Starts the sandbox: every partner on one port, each below a path of its own. */
export const startSandbox = async (options: SandboxOptions): Promise<Sandbox> => {
  const host = options.host ?? '127.0.0.1';
  const server = serve(setStage(Date.now));
  server.keepAliveTimeout = 75_000;
  const port = await listen(server, options.port, host);
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://${host === '0.0.0.0' ? '127.0.0.1' : host}:${port}`, stop };
};
