import { createHmac, randomBytes } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase, scratchFolder, startTestNats, TEST_MASTER_KEYS, waitFor, type FreshDatabase, type TestNats } from '#testkit';
import { runCli } from '../../apps/cli/run-cli.ts';
import { startHub, type Hub } from '../harness/hub.ts';
import { NATS_ACCESS } from '../harness/nats-access.ts';
import { startTalkativePartner, type TalkativePartner } from '../harness/talkative-partner.ts';
import { startTokenPartner, type TokenPartner } from '../harness/token-partner.ts';

const drawn = randomBytes(6).toString('hex');

/** Planted; none of them may come out. The names say where each goes in. */
const CANARIES = {
  signingSecret: `whsec_canary${drawn}`,
  querySecret: `query-canary-${drawn}`,
  credential: `credential-canary-${drawn}`,
  rotated: `rotated-canary-${drawn}`,
  apiKey: `sk_live_canary${drawn}`,
  storedSecret: `stored-canary-${drawn}`,
  clientSecret: `client-canary-${drawn}`,
  refreshToken: `refresh-canary-${drawn}`,
  masterKey: TEST_MASTER_KEYS.split(':')[1]!,
  payloadWord: `payload-canary-${drawn}`,
  payloadEmail: `ada.canary${drawn}@example.com`,
  payloadCard: '4242424242424242',
  headerToken: `header-canary-${drawn}`,
  cookie: `cookie-canary-${drawn}`,
  urlToken: `url-canary-${drawn}`,
  consoleQuery: `console-canary-${drawn}`,
  partnerKey: `ghp_canary${drawn}`,
  partnerEmail: `grace.canary${drawn}@example.org`,
  partnerPhone: '+49 30 901820 4711',
  partnerBearer: `partner-canary-${drawn}`,
} as const;

const PARTNER_WORDS = `no: ${CANARIES.partnerKey}, ${CANARIES.partnerEmail}, call ${CANARIES.partnerPhone}, Bearer ${CANARIES.partnerBearer}, ${CANARIES.payloadCard}`;

const hmac = '{ kind: hmac, algorithm: sha256, encoding: hex, signature: { header: x-signature }, signed: \'{body}\' }';
const MANIFEST = `
version: 1
integrations:
  - { partner: generic, name: shop, webhook: { secrets: ['\${SHOP_SECRET}'], signature: ${hmac}, keepHeaders: [x-customer] } }
  - { partner: generic, name: till, webhook: { secrets: ['\${TILL_SECRET}'], signature: { kind: shared-secret, in: query, parameter: key } } }
  - partner: http
    name: warehouse
    credentials: { authorization: 'Bearer \${WAREHOUSE_TOKEN}', apiKey: '\${WAREHOUSE_KEY}' }
    settings: { baseUrl: '\${WAREHOUSE_URL}' }
  - partner: http
    name: crm
    credentials: { apiKey: '\${vault:crm-key}' }
    oauth: { tokenUrl: '\${TOKEN_URL}/oauth/token', grant: refresh_token, clientId: hub, clientSecret: '\${vault:crm-client}', refreshToken: '\${vault:crm-consent}' }
    settings: { baseUrl: '\${WAREHOUSE_URL}' }
  - partner: http
    name: ended
    oauth: { tokenUrl: '\${WAREHOUSE_URL}/refuse-token', grant: refresh_token, clientId: hub, clientSecret: '\${vault:crm-client}', refreshToken: '\${vault:crm-consent}' }
    settings: { baseUrl: '\${WAREHOUSE_URL}' }
  - { partner: http, name: closed, credentials: { apiKey: '\${NOBODY_SET_THIS}' }, settings: { baseUrl: 'http://user:\${WAREHOUSE_KEY}@127.0.0.1:9/' } }
routes:
  - name: done
    on: generic.shop.inbound.>
    to: [{ name: book, do: http.warehouse.send, with: '{ "url": "/orders?token=" & body.urlToken, "json": body }' }]
  - name: fails
    on: generic.*.inbound.>
    to:
      - { name: refused, do: http.warehouse.send, with: '{ "url": "/fail/422?token=" & body.urlToken, "json": body }' }
      - { name: later, do: http.warehouse.send, with: '{ "url": "/fail/503?token=" & body.urlToken, "json": body }' }
      - { name: denied, do: http.warehouse.send, with: '{ "url": "/fail/400", "text": body.email }' }
      - { name: dropped, do: http.warehouse.send-once, with: '{ "url": "/drop", "json": body }' }
      - { name: garbled, do: http.warehouse.send, with: '{ "url": "/garble?token=" & body.urlToken, "json": body }' }
      - { name: tokened, do: http.crm.send, with: '{ "url": "/crm", "json": body }' }
      - { name: echoed, do: http.crm.send, with: '{ "url": "/fail/422", "json": body }' }
      - { name: untokened, do: http.ended.send, with: '{ "url": "/crm", "json": body }' }
      - { name: unmapped, do: http.warehouse.send, with: '{ "url": "/", "json": $number(body.word) }' }
      - { name: unfit, do: http.warehouse.send, with: '{ "url": body, "member": body.word }' }
`;

let database: FreshDatabase;
let nats: TestNats;
let partner: TalkativePartner;
let tokens: TokenPartner;
let hub: Hub;
let dir: string;
const answers: string[] = [];

beforeAll(async () => {
  [database, nats, partner, dir] = await Promise.all([freshDatabase(), startTestNats({ config: NATS_ACCESS }), startTalkativePartner(PARTNER_WORDS), scratchFolder('canaries')]);
  tokens = await startTokenPartner({ apiKey: 'none', clientSecret: CANARIES.clientSecret, refreshToken: CANARIES.refreshToken, lifetimeS: 3_600 });
  await writeFile(join(dir, 'token'), `${CANARIES.credential}\n`);
  hub = await startHub({
    databaseUrl: database.url,
    natsUrl: nats.url,
    manifest: MANIFEST,
    partners: ['http'],
    dir,
    env: {
      LOG_LEVEL: 'trace', CONNECTOR_BACKOFF_BASE_MS: '100', CONNECTOR_MAX_ATTEMPTS: '2', SHOP_SECRET: CANARIES.signingSecret, TILL_SECRET: CANARIES.querySecret,
      WAREHOUSE_TOKEN_FILE: join(dir, 'token'), WAREHOUSE_KEY: CANARIES.apiKey, WAREHOUSE_URL: partner.url, TOKEN_URL: tokens.url,
    },
  });
}, 240_000);
afterAll(async () => {
  await hub?.stop();
  await Promise.all([nats?.stop(), partner?.stop(), tokens?.stop()]);
  await database?.drop();
  await rm(dir, { recursive: true, force: true });
}, 60_000);

const ORDER = JSON.stringify({
  type: 'order.paid', id: 1, word: CANARIES.payloadWord, email: CANARIES.payloadEmail, urlToken: CANARIES.urlToken, card: { number: CANARIES.payloadCard, holder: CANARIES.payloadWord },
});
const HEADERS = { 'content-type': 'application/json', authorization: `Bearer ${CANARIES.headerToken}`, cookie: `session=${CANARIES.cookie}`, 'x-customer': CANARIES.payloadEmail, 'x-api-key': CANARIES.headerToken };

const withKey = (): Record<string, string> => ({ ...HEADERS, authorization: `Bearer ${hub.consoleKey}` });

const sign = (body: string, secret: string = CANARIES.signingSecret): Record<string, string> => ({ ...HEADERS, 'x-signature': createHmac('sha256', secret).update(body).digest('hex') });

/** Sends, and keeps every answer that is a problem or a receipt. */
const ask = async (url: string, init: RequestInit = {}): Promise<number> => {
  const answer = await fetch(url, init);
  answers.push(`${answer.status} ${JSON.stringify([...answer.headers])} ${await answer.text()}`);
  return answer.status;
};
const post = (path: string, body: string, headers: Record<string, string>) => ask(`${hub.ingestUrl}${path}`, { method: 'POST', body, headers });

const logged = async (): Promise<Map<string, string>> =>
  new Map(await Promise.all([...hub.rooms.keys()].map(async (room) => [room, await readFile(hub.logFile(room), 'utf8')] as const)));

/** What the token endpoint gave is drawn there. */
const grantedTokens = (): Record<string, string> => Object.fromEntries(tokens.given.map((token, n) => [`token ${n}`, token]));

/** Where canaries came out: `<place>: <name>`. JSON may have written them with escapes, URLs with percent signs. */
const sightings = (places: Iterable<readonly [string, string]>): string[] =>
  [...places].flatMap(([place, text]) => Object.entries({ ...CANARIES, ...grantedTokens(), consoleKey: hub.consoleKey.slice(0, -1) }).filter(([, canary]) => text.includes(canary) || text.includes(encodeURIComponent(canary))).map(([name]) => `${place}: ${name}`));

const attemptsLogged = async (): Promise<{ target: string; outcome: string }[]> =>
  (await readFile(hub.logFile('connector-http'), 'utf8')).split('\n').filter((line) => line.includes('"msg":"attempt"')).map((line) => JSON.parse(line));

const store = async (name: string, value: string): Promise<void> => {
  const print = (line: string): void => void answers.push(line);
  const run = runCli({ env: { DATABASE_URL: database.url, MASTER_KEYS: TEST_MASTER_KEYS }, print, printError: print, readSecret: async () => value });
  expect(await run(['secrets', 'set', name])).toBe(0);
};

const putSecret = (name: string, value: string) => ask(`${hub.consoleUrl}/v1/secrets/${name}`, { method: 'PUT', body: JSON.stringify({ value }), headers: withKey() });

/** Every row of every table, as text and as bytes show themselves. */
const allRows = async (): Promise<string> => {
  const client = new pg.Client(database.url);
  await client.connect();
  const { rows: tables } = await client.query<{ name: string }>("select format('%I.%I', schemaname, relname) as name from pg_stat_user_tables");
  const texts: string[] = [];
  for (const { name } of tables) for (const { all } of (await client.query<{ all: string }>(`select t::text as all from ${name} t`)).rows) texts.push(all);
  await client.end();
  return texts.join('\n');
};

describe('canaries that are planted everywhere', () => {
  it('are stored, by the command line and at the console', async () => {
    await store('crm-client', CANARIES.clientSecret);
    await store('crm-consent', CANARIES.refreshToken);
    expect(await putSecret('crm-key', CANARIES.storedSecret)).toBe(200);
    expect(await putSecret('crm-key', CANARIES.storedSecret.repeat(400))).toBe(400);
    expect(await putSecret('Crm', CANARIES.storedSecret)).toBe(400);
    expect(await ask(`${hub.consoleUrl}/v1/secrets`, { headers: withKey() })).toBe(200);
    expect(await ask(`${hub.consoleUrl}/v1/events?type=operator.acted`, { headers: withKey() })).toBe(200);
    expect(answers.join()).toContain('crm-key');
  });

  it('go all the way through the hub', async () => {
    expect(await post('/webhooks/generic/shop', ORDER, sign(ORDER))).toBe(202);
    expect(await post(`/webhooks/generic/till?key=${CANARIES.querySecret}`, ORDER, HEADERS)).toBe(202);
    const wanted = ['book succeeded', 'refused dead-lettered', 'later dead-lettered', 'denied dead-lettered', 'dropped uncertain', 'garbled skipped', 'unmapped dead-lettered', 'unfit dead-lettered',
      'tokened succeeded', 'echoed dead-lettered', 'untokened retrying'];
    await waitFor(
      async () => {
        const seen = new Set((await attemptsLogged()).map(({ target, outcome }) => `${target} ${outcome}`));
        return wanted.every((one) => seen.has(one));
      },
      { what: `all of ${wanted.join(', ')}`, withinMs: 60_000 },
    );
    for (const canary of [CANARIES.payloadWord, CANARIES.payloadEmail, CANARIES.payloadCard, CANARIES.urlToken, CANARIES.credential, CANARIES.apiKey, CANARIES.storedSecret, CANARIES.refreshToken, tokens.given[0]!]) expect(partner.heard()).toContain(canary);
  }, 90_000);

  it('go out with the next call when the file that holds a credential is replaced', async () => {
    await writeFile(join(dir, 'token.next'), CANARIES.rotated);
    await rename(join(dir, 'token.next'), join(dir, 'token'));
    let sent = 0;
    await waitFor(
      async () => {
        const order = JSON.stringify({ ...JSON.parse(ORDER), id: `rotated-${(sent += 1)}` });
        await post('/webhooks/generic/shop', order, sign(order));
        return partner.heard().includes(`Bearer ${CANARIES.rotated}`);
      },
      { what: 'a call with the new credential', everyMs: 200 },
    );
  });

  it('are in requests that are refused', async () => {
    const broken = `${ORDER.slice(0, -1)} ${CANARIES.payloadWord}`;
    const statuses = [
      await post('/webhooks/generic/shop', ORDER, sign(ORDER, 'another')),
      await post(`/webhooks/generic/till?key=${CANARIES.consoleQuery}`, ORDER, HEADERS),
      await post('/webhooks/generic/shop', broken, sign(broken)),
      await post(`/webhooks/${CANARIES.apiKey}/${CANARIES.payloadEmail}?token=${CANARIES.urlToken}`, ORDER, HEADERS),
      await post('/webhooks/generic/shop', ORDER, { ...sign(ORDER), 'content-type': `application/x-protobuf; charset=${CANARIES.headerToken}` }),
      await ask(`${hub.ingestUrl}/webhooks/generic/shop?token=${CANARIES.urlToken}`),
      await ask(`${hub.ingestUrl}/nowhere?token=${CANARIES.urlToken}`),
      await ask(`${hub.consoleUrl}/v1/events?type=${CANARIES.consoleQuery}%20&limit=none`, { headers: withKey() }),
      await ask(`${hub.consoleUrl}/v1/events/${CANARIES.consoleQuery}?token=${CANARIES.urlToken}`, { headers: withKey() }),
      await ask(`${hub.consoleUrl}/v1/dead-letters/00000000-0000-7000-8000-000000000000/redrive`, { method: 'POST', body: `{"by": "${CANARIES.payloadEmail}\\u0000"}`, headers: withKey() }),
      await ask(`${hub.consoleUrl}/v1/dead-letters/00000000-0000-7000-8000-000000000000/redrive`, { method: 'POST', body: `{"by": ${CANARIES.payloadWord}`, headers: withKey() }),
      await ask(`${hub.consoleUrl}/v1/events`, { headers: HEADERS }),
      await ask(`${hub.consoleUrl}/v1/events?key=${CANARIES.consoleQuery}`, { headers: { authorization: `Bearer ${hub.consoleKey.slice(0, -1)}` } }),
    ];
    expect(statuses).toEqual([401, 401, 400, 404, 415, 405, 404, 400, 400, 400, 400, 401, 401]);
    await ask(`${hub.ingestUrl}/refusals`);
    expect(answers.at(-1)).toContain('signature-refused');
  });

  it('come out of no room, no problem answer and no sample of a refusal', async () => {
    await hub.stop();
    const logs = await logged();
    expect([...logs.keys()].toSorted()).toEqual(['connector-http', 'console', 'ingest', 'keeper', 'notifier', 'projector', 'relay', 'router', 'sandbox', 'scheduler']);
      for (const [room, text] of logs) expect(text, room).toContain('"msg":"config"');
    expect(sightings([...logs, ...answers.map((answer, n) => [`answer ${n}`, answer] as const)])).toEqual([]);
  }, 60_000);

  it('are nowhere in the database where they are secrets that it keeps', async () => {
    const everything = await allRows();
    expect(everything).toContain('crm-consent');
    expect(everything, 'what is not sealed is seen').toContain(Buffer.from(CANARIES.payloadWord).toString('hex'));
    const kept = [CANARIES.storedSecret, CANARIES.clientSecret, CANARIES.refreshToken, ...tokens.given];
    expect(kept.filter((secret) => everything.includes(secret) || everything.includes(Buffer.from(secret).toString('hex')))).toEqual([]);
  });

  it('were there to be masked, and would be seen', async () => {
    const logs = await logged();
    const [connector, ingest] = [logs.get('connector-http')!, logs.get('ingest')!];
    for (const mask of ['***', '[email]', '[phone]', '[card]', '?[query]']) expect(connector).toContain(mask);
    expect(ingest).toContain('webhook refused');
    expect(sightings([['a log', `{"msg":"${CANARIES.partnerEmail}"}`], ['a URL', encodeURIComponent(CANARIES.partnerPhone)]])).toEqual(['a log: partnerEmail', 'a URL: partnerPhone']);
  });
});
