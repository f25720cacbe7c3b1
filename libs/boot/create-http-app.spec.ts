import { connect } from 'node:net';
import { Body, Controller, Get, Inject, Module, Post } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { IsInt, IsOptional, Max } from 'class-validator';
import { HubError } from '#contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHttpApp, listenOn, type HttpOptions } from './create-http-app.ts';
import type { RequestLimit } from './guard-edges.ts';
import { healthModule } from './health.module.ts';
import { limitRate } from './limit-rate.ts';
import { ProblemException } from './problem-exception.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const SWITCH = Symbol('SWITCH');

const SUGAR = { message: 'sugar must be at most two lumps' };

class Order {
  @IsInt() @Max(5) cups!: number;
  @IsOptional() @IsInt(SUGAR) @Max(2, SUGAR) sugar?: number;
}

@Controller('tea')
class TeaController {
  constructor(@Inject(SWITCH) private readonly lights: { on: boolean }) {}
  @Get()
  list() {
    return { lights: this.lights.on };
  }
  @Post()
  order(@Body() order: Order) {
    return order;
  }
  @Get('broken/:id')
  broken() {
    throw new Error('the kettle at 10.0.0.7 is broken');
  }
  @Get('log')
  log() {
    throw new HubError('log-unavailable', 'The log is away.');
  }
  @Get('refused')
  refused() {
    throw new ProblemException(409, 'not-redrivable', 'It is cold.', { headers: { 'x-why': 'cold' } });
  }
}

const lights = { on: true };

@Module({ imports: [healthModule({ inject: [SWITCH], ready: (it: typeof lights) => ({ lights: () => it.on, kettle: async () => true }) })], controllers: [TeaController], providers: [{ provide: SWITCH, useValue: lights }] })
class TeaModule {}

const reported: [unknown, object][] = [];
let app: NestFastifyApplication;
let url: string;
beforeAll(async () => {
  app = await createHttpApp(TeaModule, { bodyLimit: 1_000, headWithinMs: 300, requestWithinMs: 600, report: (...what) => reported.push(what) });
  url = await listenOn(app, 0, 'TEA_PORT', '127.0.0.1');
});
afterAll(() => app.close());

const call = async (path: string, init: RequestInit = {}) => {
  const response = await fetch(url + path, init);
  const text = await response.text();
  expect(text).not.toMatch(/\bat \S+ \(|node_modules/);
  return { status: response.status, type: response.headers.get('content-type'), headers: response.headers, body: JSON.parse(text) as Record<string, unknown> };
};
const post = (body: string, type = 'application/json') => call('/tea', { method: 'POST', body, headers: { 'content-type': type } });

/** What a server says to bytes that are no proper request, until it closes. */
const talk = (bytes: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write(bytes));
    let heard = '';
    socket.on('data', (chunk) => (heard += chunk.toString()));
    socket.on('close', () => resolve(heard));
    socket.on('error', reject);
  });

describe('errors', () => {
  it.each([
    ['an unknown path', () => call('/nowhere?q=1'), 404, 'not-found'],
    ['a wrong method', () => call('/tea', { method: 'DELETE' }), 405, 'method-not-allowed'],
    ['a wrong method on a path with a parameter', () => call('/tea/broken/7', { method: 'PUT' }), 405, 'method-not-allowed'],
    ['a URL that cannot be decoded', () => call('/tea/%E0%A4%A'), 400, 'malformed'],
    ['broken JSON', () => post('{"cups":'), 400, 'malformed'],
    ['JSON that is nested too deep', () => post(`${'['.repeat(33)}${']'.repeat(33)}`), 400, 'malformed'],
    ['prototype pollution', () => post('{"__proto__":{"cups":1}}'), 400, 'malformed'],
    ['a body that is too large', () => post(JSON.stringify({ cups: 'x'.repeat(2_000) })), 413, 'too-large'],
    ['an unknown media type', () => post('<cups/>', 'text/xml'), 415, 'unsupported-media-type'],
    ['an invalid field', () => post('{"cups":6}'), 400, 'validation-failed'],
    ['a field nobody knows', () => post('{"cups":1,"milk":1}'), 400, 'validation-failed'],
    ['an error with a code', () => call('/tea/log'), 503, 'log-unavailable'],
    ['a refusal by a door', () => call('/tea/refused'), 409, 'not-redrivable'],
    ['a bug', () => call('/tea/broken/7'), 500, 'internal'],
  ] as const)('answers %s with a problem', async (_what, ask, status, cause) => {
    const answer = await ask();
    expect(answer).toMatchObject({ status, type: 'application/problem+json; charset=utf-8', body: { status, cause, requestId: expect.stringMatching(UUID) } });
    expect(answer.headers.get('x-request-id')).toBe(answer.body.requestId);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('names the methods that a path takes', async () => {
    const { headers, body } = await call('/tea', { method: 'DELETE' });
    expect(headers.get('allow')).toBe('GET, HEAD, POST');
    expect(body.detail).toContain('it takes GET, HEAD, POST');
  });

  it('names each field that is wrong', async () => {
    const { body } = await post('{"cups":6}');
    expect(body.errors).toEqual([{ path: 'cups', message: 'cups must not be greater than 5' }]);
  });

  it('says once what several checks of a field say alike', async () => {
    const { body } = await post('{"cups":1,"sugar":"much"}');
    expect(body).toMatchObject({ detail: SUGAR.message, errors: [{ path: 'sugar', message: SUGAR.message }] });
  });

  it('says when to come back when something is away, and passes a door\'s own headers on', async () => {
    expect((await call('/tea/log')).headers.get('retry-after')).toBe('5');
    expect((await call('/tea/refused')).headers.get('x-why')).toBe('cold');
  });

  it('keeps the words of a bug for the log, under the id that the caller is told', async () => {
    reported.length = 0;
    const { body } = await call('/tea/broken/7?token=hush');
    expect(JSON.stringify(body)).not.toContain('kettle');
    expect(reported).toEqual([[new Error('the kettle at 10.0.0.7 is broken'), { method: 'GET', path: '/tea/broken/7', requestId: body.requestId, correlationId: body.correlationId }]]);
  });

  it('does not call refusals bugs', async () => {
    reported.length = 0;
    await call('/nowhere');
    await post('{');
    expect(reported).toEqual([]);
  });
});

describe('every answer', () => {
  it('has an id of its own, or the caller’s where that is plain', async () => {
    const idOf = async (given: Record<string, string> = {}) => (await call('/tea', { headers: given })).headers.get('x-request-id');
    const [first, second] = [await idOf(), await idOf()];
    expect(first).toMatch(UUID);
    expect(second).not.toBe(first);
    expect(await idOf({ 'x-request-id': 'gateway-7.a' })).toBe('gateway-7.a');
    expect(await idOf({ 'x-request-id': '"><script>' })).toMatch(UUID);
    expect(await idOf({ 'x-request-id': 'x'.repeat(65) })).toMatch(UUID);
  });

  it('tells browsers to keep, frame, guess and embed nothing', async () => {
    for (const path of ['/tea', '/nowhere', '/health/live', '/tea/%E0%A4%A']) {
      const { headers } = await call(path);
      expect(headers.get('content-security-policy'), path).toContain("default-src 'none'; frame-ancestors 'none'");
      expect(['cache-control', 'x-content-type-options', 'x-frame-options', 'referrer-policy', 'cross-origin-resource-policy'].map((name) => headers.get(name)), path)
        .toEqual(['no-store', 'nosniff', 'DENY', 'no-referrer', 'same-origin']);
      expect(headers.get('x-powered-by')).toBeNull();
    }
  });

  it('lets no other origin read it, whoever asks', async () => {
    const asks: [string, RequestInit][] = [
      ['/tea', {}], ['/nowhere', {}], ['/tea/broken/7', {}],
      ['/tea', { method: 'OPTIONS', headers: { 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' } }],
    ];
    for (const [path, init] of asks) {
      const { headers } = await call(path, { ...init, headers: { ...init.headers, origin: 'https://elsewhere.example' } });
      expect([...headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
    }
  });
});

describe('a guarded room', () => {
  const open: NestFastifyApplication[] = [];
  const guarded = async (options: HttpOptions): Promise<(path: string, forwarded?: string) => Promise<Response>> => {
    const own = await createHttpApp(TeaModule, options);
    open.push(own);
    const at = await listenOn(own, 0, 'TEA_PORT', '127.0.0.1');
    return (path, forwarded) => fetch(at + path, forwarded === undefined ? {} : { headers: { 'x-forwarded-for': forwarded } });
  };
  afterAll(() => Promise.all(open.map((own) => own.close())));

  it('answers listed addresses only, and tells everyone its health', async () => {
    const ask = await guarded({ allowFrom: ['192.0.2.0/24'] });
    const refused = await ask('/tea', '192.0.2.9');
    expect(refused.status).toBe(403);
    expect(await refused.json()).toMatchObject({ cause: 'address-refused', requestId: refused.headers.get('x-request-id') });
    expect([(await ask('/nowhere')).status, (await ask('/health/live')).status, (await ask('/health/../tea')).status]).toEqual([403, 200, 403]);
  });

  it('takes the address from a proxy that is trusted', async () => {
    const ask = await guarded({ allowFrom: ['192.0.2.0/24'], trustedProxies: ['127.0.0.1/32'] });
    expect([(await ask('/tea', '192.0.2.9')).status, (await ask('/tea', '192.0.2.9, 203.0.113.9')).status, (await ask('/tea')).status]).toEqual([200, 403, 403]);
  });

  it('limits each caller by every limit that has a key for it, and says how much is left', async () => {
    let now = 0;
    const limits: RequestLimit[] = [
      { name: 'address', limit: limitRate(4, () => now), keyOf: (request) => request.ip },
      { name: 'key', limit: limitRate(2, () => now), keyOf: ({ headers }) => headers['x-forwarded-for']?.toString() },
    ];
    const ask = await guarded({ limits });
    const first = await ask('/tea');
    expect([first.headers.get('ratelimit-policy'), first.headers.get('ratelimit')]).toEqual(['"address";q=4;w=1', '"address";r=3;t=1']);
    expect([(await ask('/tea', 'a')).status, (await ask('/tea', 'a')).status]).toEqual([200, 200]);
    const limited = await ask('/tea', 'a');
    expect([limited.status, limited.headers.get('retry-after'), limited.headers.get('ratelimit')]).toEqual([429, '1', '"address";r=0;t=1, "key";r=0;t=1']);
    expect(await limited.json()).toMatchObject({ cause: 'rate-limited', status: 429 });
    expect([(await ask('/nowhere')).status, (await ask('/health/live')).status]).toEqual([429, 200]);
    now += 1_000;
    expect((await ask('/tea', 'a')).status).toBe(200);
  });
});

describe('slow and senseless senders', () => {
  it('are cut off while they dawdle over the head', async () => {
    expect(await talk('GET /tea HTTP/1.1\r\nhost: here\r\nx-slow: ')).toMatch(/^HTTP\/1\.1 408 [^]*"cause":"request-timeout"/);
  });

  it('are cut off while they dawdle over the body', async () => {
    expect(await talk('POST /tea HTTP/1.1\r\nhost: here\r\ncontent-type: application/json\r\ncontent-length: 50\r\n\r\n{"cups"')).toMatch(/^HTTP\/1\.1 408 [^]*"cause":"request-timeout"/);
  });

  it('are told that they do not speak HTTP', async () => {
    expect(await talk('\x16\x03\x01\x02\x00\x01\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 [^]*x-request-id: [0-9a-f-]{36}\r\n[^]*application\/problem\+json[^]*"cause":"malformed".*"requestId":"/);
  });

  it('are told that their headers are too large', async () => {
    expect(await talk(`GET /tea HTTP/1.1\r\nhost: here\r\nx-big: ${'x'.repeat(20_000)}\r\n\r\n`)).toMatch(/^HTTP\/1\.1 431 [^]*"cause":"too-large"/);
  });
});

describe('health', () => {
  it('is live while the process answers, and ready while every check passes', async () => {
    expect((await call('/health/live')).status).toBe(200);
    expect(await call('/health/ready')).toMatchObject({ status: 200, body: { status: 'ok', details: { lights: { status: 'up' }, kettle: { status: 'up' } } } });
  });

  it('names what is not ready', async () => {
    lights.on = false;
    expect(await call('/health/ready')).toMatchObject({ status: 503, type: 'application/problem+json; charset=utf-8', body: { cause: 'not-ready', detail: 'Not ready: lights.' } });
    expect((await call('/health/live')).status).toBe(200);
    lights.on = true;
  });
});

describe('listenOn', () => {
  it('names the variable to set when the port is taken', async () => {
    const second = await createHttpApp(TeaModule);
    await expect(listenOn(second, Number(new URL(url).port), 'TEA_PORT', '127.0.0.1')).rejects.toMatchObject({ code: 'port-taken', message: expect.stringContaining('set TEA_PORT') });
    await second.close();
  });
});
