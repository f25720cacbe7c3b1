import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { PartnerFailure } from '../partner-failure.ts';
import { createApiClient, type ApiClientOptions, type PartnerApiClient } from './create-api-client.ts';
import { flowHeaders } from './flow-headers.ts';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const read = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
};

const listen = async (handler: RequestListener): Promise<{ url: string; server: Server }> => {
  const server = createServer(handler).listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(async () => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
};

const open = (options: Partial<ApiClientOptions>): PartnerApiClient => {
  const client = createApiClient({ timeoutMs: 2_000, userAgent: 'trunkline/test', ...options });
  closers.push(() => client.close());
  return client;
};

const answering = async (status: number, headers: Record<string, string>, body: string, options: Partial<ApiClientOptions> = {}): Promise<PartnerApiClient> => {
  const { url } = await listen((_request, response) => response.writeHead(status, headers).end(body));
  return open({ baseUrl: url, ...options });
};

const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' };

const failureOf = async (sent: Promise<unknown>): Promise<PartnerFailure> => {
  const error = await sent.then(() => undefined, (thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(PartnerFailure);
  return error as PartnerFailure;
};

describe('what goes out', () => {
  it('carries the flow, the user agent, and a JSON body', async () => {
    const seen: Record<string, unknown>[] = [];
    const { url } = await listen(async (request, response) => {
      seen.push({ ...request.headers, method: request.method, url: request.url, body: await read(request) });
      response.writeHead(200, JSON_TYPE).end('{"id":"x1"}');
    });
    const client = open({ baseUrl: url, headers: { 'Stripe-Version': 'v' } });
    const flow = flowHeaders({ commandId: 'c-1', correlationId: 'f-1', traceparent: '00-aa-bb-01', hops: 3 });
    const answer = await client.carrying(flow).send({ method: 'patch', url: '/v1/x?y=1', body: { a: 'é' } });
    expect(answer).toMatchObject({ status: 200, body: { id: 'x1' } });
    expect(seen[0]).toMatchObject({
      method: 'PATCH', url: '/v1/x?y=1', body: '{"a":"é"}', 'content-type': 'application/json', 'user-agent': 'trunkline/test', 'stripe-version': 'v',
      'x-correlation-id': 'f-1', 'x-trunkline-hops': '3', 'x-trunkline-command': 'c-1', traceparent: '00-aa-bb-01',
    });
  });

  it('sends forms and text as they are, and lets the request name its content type in any case', async () => {
    const seen: unknown[] = [];
    const { url } = await listen(async (request, response) => {
      seen.push([request.headers['content-type'], await read(request)]);
      response.end();
    });
    const client = open({ baseUrl: url });
    await client.send({ method: 'POST', url: '/', body: new URLSearchParams({ 'a[b]': 'c d' }) });
    await client.send({ method: 'POST', url: '/', body: '<a/>', headers: { 'content-type': 'application/xml' } });
    expect(seen).toEqual([['application/x-www-form-urlencoded', 'a%5Bb%5D=c+d'], ['application/xml', '<a/>']]);
  });

  it('runs axios interceptors', async () => {
    const { url } = await listen((request, response) => response.end(request.headers['x-added']));
    const client = open({ baseUrl: url });
    client.axios.interceptors.request.use((config) => {
      config.headers.set('X-Added', 'by interceptor');
      return config;
    });
    expect((await client.send({ method: 'GET', url: '/' })).body).toBe('by interceptor');
  });

  it('opens no more connections than it may, and uses them again', async () => {
    let connections = 0;
    const { url, server } = await listen((_request, response) => setImmediate(() => response.end('ok')));
    server.on('connection', () => (connections += 1));
    const client = open({ baseUrl: url, connections: 3 });
    await Promise.all(Array.from({ length: 60 }, () => client.send({ method: 'GET', url: '/' })));
    expect(connections).toBeLessThanOrEqual(3);
  });
});

describe('how answers are classified', () => {
  it.each([
    [400, 'client', 'partner-refused', undefined], [404, 'client', 'partner-refused', undefined], [409, 'client', 'partner-refused', undefined],
    [302, 'client', 'partner-refused', undefined], [401, 'auth', 'partner-auth-failed', undefined], [403, 'auth', 'partner-auth-failed', undefined],
    [408, 'transient', 'partner-error', undefined], [425, 'transient', 'partner-error', undefined], [429, 'rate-limit', 'partner-rate-limited', undefined],
    [500, 'transient', 'partner-error', true], [502, 'transient', 'partner-error', true], [503, 'transient', 'partner-error', undefined], [504, 'transient', 'partner-error', true],
  ])('takes %i for %s', async (status, failureClass, code, effectUnknown) => {
    const client = await answering(status, { ...JSON_TYPE, location: 'http://127.0.0.1:1/' }, '{"error":{"code":"odd","message":"so it is"}}');
    const failure = await failureOf(client.send({ method: 'POST', url: '/v1/secret-path' }));
    expect(failure).toMatchObject({ failureClass, code });
    expect(failure.details).toMatchObject({ status });
    expect(failure.details.effectUnknown).toBe(effectUnknown);
    expect(failure.message).toMatch(/^POST 127\.0\.0\.1:\d+ answered \d+: odd: so it is$/);
  });

  it('waits as long as the partner says', async () => {
    const client = await answering(429, { 'retry-after': '3', 'x-ratelimit-reset': '11' }, 'slow down');
    expect((await failureOf(client.send({ method: 'GET', url: '/' }))).details.retryAfterMs).toBe(11_000);
  });

  it('takes a 403 with nothing left for a rate limit', async () => {
    const client = await answering(403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '5' }, '');
    expect(await failureOf(client.send({ method: 'GET', url: '/' }))).toMatchObject({ failureClass: 'rate-limit', details: { retryAfterMs: 5_000 } });
  });

  it.each(['', '{"id":', '<html>'])('calls a success that says %j instead of JSON unreadable', async (body) => {
    const client = await answering(200, JSON_TYPE, body);
    expect(await failureOf(client.send({ method: 'GET', url: '/', expect: 'json' }))).toMatchObject({ failureClass: 'data', code: 'partner-answer-unreadable', details: { effectUnknown: true } });
  });

  it('is content with an empty 204', async () => {
    const client = await answering(204, {}, '');
    expect(await client.send({ method: 'DELETE', url: '/', expect: 'json' })).toMatchObject({ status: 204, body: undefined });
  });

  it('lets the partner read its own error words first', async () => {
    const client = await answering(200, JSON_TYPE, '{"ok":false,"error":"ratelimited"}');
    const judge = (): PartnerFailure => new PartnerFailure('rate-limit', 'partner-rate-limited', 'slow');
    expect(await failureOf(client.send({ method: 'POST', url: '/', judge }))).toMatchObject({ failureClass: 'rate-limit' });
  });

  it('stops reading an answer that is too large', async () => {
    const client = await answering(200, {}, 'x'.repeat(70_000), { maxAnswerBytes: 65_536 });
    expect(await failureOf(client.send({ method: 'GET', url: '/' }))).toMatchObject({ failureClass: 'data', details: { effectUnknown: true } });
  });

  it('keeps secrets of the request out of the message, whatever the partner repeats', async () => {
    const { url } = await listen((request, response) => response.writeHead(401, JSON_TYPE).end(JSON.stringify({ message: `bad ${request.headers['authorization']} at ${request.url}` })));
    const client = open({ baseUrl: url });
    const failure = await failureOf(client.send({ method: 'POST', url: '/services/T00000000/abcdefghijklmnopqrstuvwx', headers: { Authorization: 'Bearer very-secret' } }));
    expect(failure.message).not.toMatch(/very-secret|abcdefghijklmnopqrstuvwx/);
  });
});

describe('calls without an answer', () => {
  it('knows that a refused connection had no effect', async () => {
    const { url, server } = await listen((_request, response) => response.end());
    server.close();
    const failure = await failureOf(open({ baseUrl: url }).send({ method: 'POST', url: '/' }));
    expect(failure).toMatchObject({ failureClass: 'transient', code: 'partner-unreachable' });
    expect(failure.details.effectUnknown).toBeUndefined();
  });

  it('does not know what a dropped connection did', async () => {
    const { url } = await listen((request) => request.socket.destroy());
    expect(await failureOf(open({ baseUrl: url }).send({ method: 'POST', url: '/', body: {} }))).toMatchObject({ failureClass: 'transient', code: 'partner-unreachable', details: { effectUnknown: true } });
  });

  it('gives up after the whole time is over, headers or not', async () => {
    const { url } = await listen((request, response) => {
      if (request.url === '/half') response.writeHead(200, JSON_TYPE).write('{"a":');
    });
    const client = open({ baseUrl: url, timeoutMs: 60 });
    for (const path of ['/none', '/half']) {
      expect(await failureOf(client.send({ method: 'POST', url: path }))).toMatchObject({ failureClass: 'transient', code: 'partner-timeout', details: { effectUnknown: true } });
    }
  });

  it('never sends a call that was given up while it waited for a connection', async () => {
    const seen: string[] = [];
    const arrived = Promise.withResolvers<ServerResponse>();
    const { url } = await listen((request, response) => {
      seen.push(request.url!);
      if (request.url === '/first') arrived.resolve(response);
      else response.end('ok');
    });
    const client = open({ baseUrl: url, connections: 1, timeoutMs: 60_000 });
    // The first call keeps the connection: were it given up too, the second might still have time left to go out on the next one.
    client.axios.interceptors.request.use((config) => (config.url!.endsWith('/second') ? { ...config, timeout: 50 } : config));
    const first = client.send({ method: 'GET', url: '/first' });
    const held = await arrived.promise;
    const second = await failureOf(client.send({ method: 'GET', url: '/second' }));
    expect(second).toMatchObject({ failureClass: 'transient', code: 'partner-timeout' });
    expect(second.details.effectUnknown).toBeUndefined();
    held.end('ok');
    await first;
    await client.send({ method: 'GET', url: '/third' });
    expect(seen).toEqual(['/first', '/third']);
  });

  it('refuses a method that would smuggle another request, and lets no header do so', async () => {
    const seen: unknown[] = [];
    const { url } = await listen((request, response) => {
      seen.push(request.headers['x-b']);
      response.end();
    });
    const client = open({ baseUrl: url });
    expect(await failureOf(client.send({ method: 'GET / HTTP/1.1\r\nX-B: 1\r\n\r\n', url: '/' }))).toMatchObject({ failureClass: 'client' });
    await client.send({ method: 'GET', url: '/', headers: { 'X-A': 'a\r\nX-B: 1' } });
    expect(seen).toEqual([undefined]);
  });
});
