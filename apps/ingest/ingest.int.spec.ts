import { createHmac, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { rename, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import { operatorEventId, type IntegrationSpec, type Manifest, type Problem } from '#contract';
import { MANIFEST_STREAM, migrate, openDatabase, openEventLog, type Database, type EventLog } from '#event-log';
import { freshDatabase, scratchFolder, TEST_MASTER_KEYS, waitFor, type FreshDatabase } from '#testkit';
import { raiseWalls } from '#walls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { IngestConfig } from './ingest.config.ts';
import { startIngest } from './ingest.start.ts';

const SECRET = 'whsec_test';
const limits = { concurrency: 1, perSecond: 10, timeoutMs: 1000 };
const integration = (partner: string, name: string, more: Partial<IntegrationSpec> = {}): IntegrationSpec => ({
  partner, name, tenant: 'default', paused: false, credentials: {}, settings: {}, limits, webhook: { secrets: ['${SIGNING_SECRET}'] }, ...more,
});
const manifest: Manifest = {
  version: 1,
  routes: [],
  integrations: [
    integration('stripe', 'acme'),
    integration('stripe', 'asleep', { paused: true }),
    integration('stripe', 'keyless', { webhook: { secrets: ['${NOT_SET}'] } }),
    integration('stripe', 'listed', { webhook: { secrets: ['${SIGNING_SECRET}'], allowFrom: ['192.0.2.0/24', '2001:db8::/32'] } }),
    integration('slack', 'ops'),
    integration('github', 'acme'),
    integration('airtable', 'crm', { webhook: undefined }),
  ],
};

let database: FreshDatabase;
let db: Database;
let log: EventLog;
let room: Awaited<ReturnType<typeof startIngest>>;

const config = (more: Partial<IngestConfig> = {}): IngestConfig => ({
  databaseUrl: database.url, masterKeys: TEST_MASTER_KEYS, host: '127.0.0.1', port: 0, publicUrl: '', maxBodyBytes: 1_048_576, ratePerSecond: 0, trustedProxies: [], headWithinMs: 300,
  requestWithinMs: 600, maxConnections: 1_000, manifestEveryMs: 50, tallyEveryMs: 10_000, logLevel: 'silent', ...more,
});
const start = (more: Partial<IngestConfig> = {}, env: NodeJS.ProcessEnv = { SIGNING_SECRET: SECRET }) => startIngest(config(more), env);

const applyManifest = async (version: number, body: Manifest) => {
  const at = new Date().toISOString();
  await log.appendExpected({
    id: operatorEventId('apply', 'manifest', version), type: 'operator.manifest-applied', partner: 'trunkline', integration: 'hub', tenant: 'default',
    correlationId: randomUUID(), occurredAt: at, schemaVersion: 1, contentType: 'application/json', data: Buffer.from(JSON.stringify(body)), headers: {},
    stream: { name: MANIFEST_STREAM, version },
  });
};

const stripeHeaders = (body: string | Buffer, { secret = SECRET, at = Math.floor(Date.now() / 1000) } = {}): Record<string, string> => ({
  'content-type': 'application/json',
  'stripe-signature': `t=${at},v1=${createHmac('sha256', secret).update(`${at}.`).update(body).digest('hex')}`,
});
const post = (path: string, body: string | Buffer, headers: Record<string, string> = stripeHeaders(body), base = room.url) =>
  fetch(`${base}${path}`, { method: 'POST', body: new Uint8Array(Buffer.from(body)), headers });
const inbound = async () => {
  const { rows } = await db.pool.query<{ id: string; type: string; data: Buffer; headers: Record<string, string>; correlation_id: string }>(
    "select id, type, data, headers, correlation_id from events where type like 'inbound.%' order by position",
  );
  return rows;
};
const refused = async (answer: Response) => {
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  const problem = (await answer.json()) as Problem;
  expect(problem.status).toBe(answer.status);
  expect(problem.correlationId).toMatch(/^[0-9a-f-]{36}$/);
  expect(problem.requestId).toBe(answer.headers.get('x-request-id'));
  expect(problem.requestId).toMatch(/^[0-9a-f-]{36}$/);
  return { status: answer.status, cause: problem.cause };
};

/** A bare connection that sends what it is told and gathers all that comes back. */
const bareClient = async (base = room.url) => {
  const { hostname, port } = new URL(base);
  const socket: Socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  let heard = '';
  socket.on('data', (chunk) => (heard += chunk.toString('latin1')));
  socket.on('error', () => undefined);
  const closed = once(socket, 'close');
  return { send: (text: string) => socket.write(text), end: () => socket.end(), heard: () => heard, closed };
};

beforeAll(async () => {
  database = await freshDatabase();
  await migrate(database.url);
  await raiseWalls(database.url);
  db = openDatabase({ url: database.url, applicationName: 'test' });
  log = openEventLog(db);
  await applyManifest(1, manifest);
  room = await start();
  await waitFor(async () => (await fetch(`${room.url}/health/ready`)).ok, { what: 'ingest to be ready' });
});
afterAll(async () => {
  await room?.stop();
  log?.close();
  await db?.close();
  await database?.drop();
});

describe('a webhook that is what it says', () => {
  it('is on record, byte for byte, when the answer is 202', async () => {
    const body = '{ "id": "evt_1", "type": "invoice.paid" }';
    const answer = await post('/webhooks/stripe/acme', body);
    const receipt = (await answer.json()) as { status: string; eventId: string; correlationId: string };
    expect(answer.status).toBe(202);
    expect(receipt.status).toBe('accepted');
    const row = (await inbound()).find(({ id }) => id === receipt.eventId)!;
    expect(row).toMatchObject({ type: 'inbound.invoice.paid', correlation_id: receipt.correlationId });
    expect(row.data.toString()).toBe(body);
  });

  it('is answered as a duplicate when it comes again, with the correlation id of the first', async () => {
    const body = '{"id":"evt_2","type":"invoice.paid"}';
    const first = (await (await post('/webhooks/stripe/acme', body)).json()) as Record<string, string>;
    const again = await post('/webhooks/stripe/acme', body);
    expect(again.status).toBe(200);
    expect(await again.json()).toEqual({ ...first, status: 'duplicate' });
    expect((await inbound()).filter(({ id }) => id === first.eventId)).toHaveLength(1);
  });

  it('is accepted once when ten deliveries race', async () => {
    const body = '{"id":"evt_race","type":"invoice.paid"}';
    const answers = await Promise.all(Array.from({ length: 10 }, () => post('/webhooks/stripe/acme', body)));
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array.from({ length: 9 }, () => 200), 202]);
    const receipts = (await Promise.all(answers.map((answer) => answer.json()))) as { correlationId: string }[];
    expect(new Set(receipts.map(({ correlationId }) => correlationId)).size).toBe(1);
  });

  it('carries its trace and its hops on', async () => {
    const body = '{"id":"evt_trace","type":"invoice.paid"}';
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const answer = await post('/webhooks/stripe/acme', body, { ...stripeHeaders(body), traceparent, 'x-trunkline-hops': '2' });
    const { eventId, correlationId } = (await answer.json()) as Record<string, string>;
    expect(correlationId).toBe('0af76519-16cd-43dd-8448-eb211c80319c');
    const row = (await inbound()).find(({ id }) => id === eventId)!;
    expect(row.headers).toEqual({ traceparent, 'trunkline-hops': '2' });
  });

  it('answers the greeting of a partner and records nothing', async () => {
    const before = (await inbound()).length;
    const body = '{"type":"url_verification","challenge":"c-1"}';
    const at = String(Math.floor(Date.now() / 1000));
    const signature = `v0=${createHmac('sha256', SECRET).update(`v0:${at}:${body}`).digest('hex')}`;
    const headers = { 'content-type': 'application/json', 'x-slack-request-timestamp': at, 'x-slack-signature': signature };
    const answer = await post('/webhooks/slack/ops', body, headers);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({ challenge: 'c-1' });
    expect(await inbound()).toHaveLength(before);
  });
});

describe('a webhook that is not', () => {
  const sound = '{"id":"evt_bad","type":"invoice.paid"}';
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
  const signed = (body: string | Buffer) => ['/webhooks/stripe/acme', body, stripeHeaders(body)] as const;
  const cases: [string, readonly [string, string | Buffer, Record<string, string>], number, string][] = [
    ['forged', ['/webhooks/stripe/acme', sound, stripeHeaders(sound, { secret: 'guess' })], 401, 'signature-refused'],
    ['unsigned', ['/webhooks/stripe/acme', sound, { 'content-type': 'application/json' }], 401, 'signature-refused'],
    ['changed after it was signed', ['/webhooks/stripe/acme', `${sound} `, stripeHeaders(sound)], 401, 'signature-refused'],
    ['older than 300 s', ['/webhooks/stripe/acme', sound, stripeHeaders(sound, { at: Math.floor(Date.now() / 1000) - 330 })], 401, 'stale-timestamp'],
    ['from the future', ['/webhooks/stripe/acme', sound, stripeHeaders(sound, { at: Math.floor(Date.now() / 1000) + 330 })], 401, 'stale-timestamp'],
    ['truncated', signed(sound.slice(0, -3)), 400, 'malformed'],
    ['empty', signed(''), 400, 'malformed'],
    ['not UTF-8', signed(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])), 400, 'malformed'],
    ['nested 100,000 levels deep', signed(deep), 400, 'malformed'],
    ['JSON with a key twice', signed('{"id":"a","id":"b"}'), 400, 'malformed'],
    ['JSON that pollutes prototypes', signed('{"id":"a","__proto__":{"admin":true}}'), 400, 'malformed'],
    ['JSON that pollutes prototypes by constructor', signed('{"id":"a","constructor":{"prototype":{}}}'), 400, 'malformed'],
    ['oversized', signed('x'.repeat(1_048_577)), 413, 'too-large'],
    ['for an unknown partner', ['/webhooks/nobody/acme', sound, stripeHeaders(sound)], 404, 'unknown-partner'],
    ['for a partner with an inherited name', ['/webhooks/__proto__/acme', sound, stripeHeaders(sound)], 404, 'unknown-partner'],
    ['for an unknown integration', ['/webhooks/stripe/nobody', sound, stripeHeaders(sound)], 404, 'unknown-integration'],
    ['for an integration that takes none', ['/webhooks/airtable/crm', sound, stripeHeaders(sound)], 404, 'unknown-integration'],
    ['for a paused integration', ['/webhooks/stripe/asleep', sound, stripeHeaders(sound)], 503, 'paused'],
    ['for an integration without its secret', ['/webhooks/stripe/keyless', sound, stripeHeaders(sound)], 503, 'secret-missing'],
    ['signed with the name of the missing secret', ['/webhooks/stripe/keyless', sound, stripeHeaders(sound, { secret: '${NOT_SET}' })], 503, 'secret-missing'],
    ['from an address that is not listed', ['/webhooks/stripe/listed', sound, stripeHeaders(sound)], 403, 'address-refused'],
    ['from an address that only says that it is listed', ['/webhooks/stripe/listed', sound, { ...stripeHeaders(sound), 'x-forwarded-for': '192.0.2.9' }], 403, 'address-refused'],
    ['of another content type', ['/webhooks/stripe/acme', sound, { ...stripeHeaders(sound), 'content-type': 'text/plain' }], 415, 'unsupported-media-type'],
    ['of a content type nobody can read', ['/webhooks/stripe/acme', sound, { ...stripeHeaders(sound), 'content-type': '!!' }], 415, 'unsupported-media-type'],
    ['compressed', ['/webhooks/stripe/acme', sound, { ...stripeHeaders(sound), 'content-encoding': 'gzip' }], 415, 'unsupported-media-type'],
  ];

  it.each(cases)('is refused when it is %s, and nothing is recorded', async (_, [path, body, headers], status, cause) => {
    const before = (await inbound()).length;
    const answer = await post(path, body, headers);
    expect(answer.headers.has('retry-after')).toBe(status === 503);
    expect(await refused(answer)).toEqual({ status, cause });
    expect(await inbound()).toHaveLength(before);
  });

  it.each(['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])('is refused with 405 when it is sent with %s', async (method) => {
    const answer = await fetch(`${room.url}/webhooks/stripe/acme`, { method });
    expect(answer.headers.get('allow')).toBe('POST');
    expect(await refused(answer)).toEqual({ status: 405, cause: 'method-not-allowed' });
  });

  it('is refused when it streams more than the limit without saying so', async () => {
    const before = (await inbound()).length;
    const client = await bareClient();
    client.send('POST /webhooks/stripe/acme HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n');
    const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
    for (let sent = 0; sent < 18; sent++) client.send(chunk);
    await client.closed;
    expect(client.heard()).toContain(' 413 ');
    expect(client.heard()).toContain('"cause":"too-large"');
    expect(await inbound()).toHaveLength(before);
  });

  it('is not recorded when the connection breaks before its end', async () => {
    const before = (await inbound()).length;
    const client = await bareClient();
    client.send(`POST /webhooks/stripe/acme HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"id":"evt_cut"`);
    client.end();
    await client.closed;
    expect(await inbound()).toHaveLength(before);
    expect((await fetch(`${room.url}/health/live`)).status).toBe(200);
  });

  it('is cut off when its head or its body comes too slowly, while others are served', async () => {
    const before = (await inbound()).length;
    const [slowHead, slowBody] = [await bareClient(), await bareClient()];
    slowHead.send('POST /webhooks/stripe/acme HTTP/1.1\r\nhost: x\r\nx-slow: ');
    slowBody.send('POST /webhooks/stripe/acme HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{');
    const body = '{"id":"evt_meanwhile","type":"invoice.paid"}';
    expect((await post('/webhooks/stripe/acme', body)).status).toBe(202);
    await Promise.all([slowHead.closed, slowBody.closed]);
    for (const client of [slowHead, slowBody]) expect(client.heard()).toContain(' 408 ');
    expect(await inbound()).toHaveLength(before + 1);
  });

  it('is counted, and shown without its secrets to this machine only', async () => {
    const body = '{"id":"evt_seen"}';
    await post('/webhooks/stripe/acme', body, { ...stripeHeaders(body, { secret: 'guess' }), authorization: 'Bearer very-secret' });
    const text = await (await fetch(`${room.url}/refusals`)).text();
    const report = JSON.parse(text) as { refused: number; outcomes: { outcome: string; count: number }[]; samples: { cause: string; headerNames: string[] }[] };
    expect(report.outcomes).toContainEqual({ partner: 'stripe', integration: 'acme', outcome: 'signature-refused', count: expect.any(Number) });
    expect(report.samples.find(({ headerNames }) => headerNames.includes('authorization'))?.cause).toBe('signature-refused');
    for (const secret of ['very-secret', 'evt_seen', 'v1=', SECRET]) expect(text).not.toContain(secret);
    expect((await fetch(`${room.url}/refusals`, { headers: { 'x-forwarded-for': '203.0.113.9' } })).status).toBe(404);
  });
});

describe('ingest', () => {
  let other: Awaited<ReturnType<typeof startIngest>> | undefined;
  afterEach(async () => {
    await other?.stop();
    other = undefined;
  });

  it('refuses an address that sends faster than is configured, and says when to come back', async () => {
    other = await start({ ratePerSecond: 2 });
    const send = (id: number) => {
      const body = `{"id":"evt_rate_${id}","type":"a"}`;
      return post('/webhooks/stripe/acme', body, stripeHeaders(body), other!.url);
    };
    const answers = await Promise.all([1, 2, 3, 4].map(send));
    const limited = answers.filter(({ status }) => status === 429);
    expect(limited.length).toBeGreaterThan(0);
    expect(limited[0]!.headers.get('retry-after')).toBe('1');
    expect(limited[0]!.headers.get('ratelimit-policy')).toBe('"webhooks";q=2;w=1');
    expect(limited[0]!.headers.get('ratelimit')).toBe('"webhooks";r=0;t=1');
    expect(await refused(limited[0]!)).toEqual({ status: 429, cause: 'rate-limited' });
  });

  it('believes a configured proxy, and nobody else, who says where a webhook comes from', async () => {
    other = await start({ trustedProxies: ['127.0.0.1', '10.0.0.0/8'] });
    const from = async (forwarded: string) => {
      const body = `{"id":"evt_${forwarded}","type":"a"}`;
      return (await post('/webhooks/stripe/listed', body, { ...stripeHeaders(body), 'x-forwarded-for': forwarded }, other!.url)).status;
    };
    expect([await from('192.0.2.9'), await from('2001:db8::7'), await from('192.0.2.9, 10.1.2.3'), await from('203.0.113.9'), await from('192.0.2.9, 203.0.113.9')]).toEqual([202, 202, 202, 403, 403]);
  });

  it('takes a signing secret from a file, and another one once the file holds it, without a restart', async () => {
    const folder = await scratchFolder('secrets');
    const file = join(folder, 'signing');
    try {
      await writeFile(file, `${SECRET}\n`);
      other = await start({}, { SIGNING_SECRET_FILE: file });
      const send = async (secret: string) => {
        const body = `{"id":"evt_${randomUUID()}","type":"a"}`;
        return (await post('/webhooks/stripe/acme', body, stripeHeaders(body, { secret }), other!.url)).status;
      };
      expect([await send(SECRET), await send('whsec_next')]).toEqual([202, 401]);
      await writeFile(`${file}.next`, 'whsec_next\n');
      await rename(`${file}.next`, file);
      await waitFor(async () => (await send('whsec_next')) === 202, { what: 'the new secret to count' });
      expect(await send(SECRET)).toBe(401);
      await rm(file);
      await waitFor(async () => (await send('whsec_next')) === 503, { what: 'the secret to be missing' });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('follows the manifest that is applied', async () => {
    const body = '{"id":"evt_new","type":"a"}';
    const send = () => post('/webhooks/stripe/newcomer', body);
    expect((await send()).status).toBe(404);
    await applyManifest(2, { ...manifest, integrations: [...manifest.integrations, integration('stripe', 'newcomer')] });
    const answer = await waitFor(async () => {
      const answer = await send();
      return answer.ok ? answer : undefined;
    });
    expect(answer.status).toBe(202);
  });

  it('answers 503 before the body is read while the log was never there', async () => {
    other = await start({ databaseUrl: 'postgres://127.0.0.1:1/none' });
    const client = await bareClient(other.url);
    client.send('POST /webhooks/stripe/acme HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n');
    await waitFor(() => client.heard().includes('}'));
    const heard = client.heard();
    expect(heard).toContain(' 503 ');
    expect(heard.toLowerCase()).toContain('retry-after: 5');
    expect(heard).toContain('"cause":"log-unavailable"');
    client.end();
    expect((await fetch(`${other.url}/health/ready`)).status).toBe(503);
    expect((await fetch(`${other.url}/health/live`)).status).toBe(200);
  });

  it('refuses while the log is away, records nothing of it, and recovers alone', async () => {
    const line = await breakableLine(database.url);
    try {
      other = await start({ databaseUrl: line.url });
      const send = (id: string) => post('/webhooks/stripe/acme', `{"id":"${id}","type":"a"}`, undefined, other!.url);
      await waitFor(async () => (await send('evt_up')).ok);
      line.cut();
      const away = await send('evt_away');
      expect(away.headers.get('retry-after')).toBe('5');
      expect(await refused(away)).toEqual({ status: 503, cause: 'log-unavailable' });
      line.mend();
      const back = await waitFor(async () => {
        const answer = await send('evt_away');
        return answer.ok ? answer : undefined;
      });
      expect(back.status).toBe(202);
    } finally {
      await line.close();
    }
  });
});

/** A connection to Postgres that a test can cut and mend. */
const breakableLine = async (target: string) => {
  const to = new URL(target);
  const sockets = new Set<Socket>();
  let whole = true;
  const server = createServer((near) => {
    if (!whole) return void near.destroy();
    const far = connect(Number(to.port), to.hostname);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    near.pipe(far);
    far.pipe(near);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(target);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    cut: () => {
      whole = false;
      for (const socket of sockets) socket.destroy();
    },
    mend: () => {
      whole = true;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
};
