import { createHmac } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '#embedded';
import { freshDatabase, scratchFolder, startTestNats, waitFor, type FreshDatabase, type TestNats } from '#testkit';
import { drawMasterKey } from '#vault';
import { runCli } from '../../apps/cli/run-cli.ts';
import { startHub, type Hub } from '../harness/hub.ts';
import { roomProcess } from '../harness/room-process.ts';
import { startTokenPartner, type TokenPartner } from '../harness/token-partner.ts';

const SECRETS = { 'shop-webhook': 'whsec_old', 'warehouse-key': 'key_old', 'crm-client': 'client_old', 'crm-consent': 'rt-first' } as const;
const MANIFEST = `
version: 1
integrations:
  - partner: generic
    name: shop
    webhook:
      secrets: ['\${vault:shop-webhook-next:-}', '\${vault:shop-webhook:-}']
      signature: { kind: hmac, algorithm: sha256, encoding: hex, signature: { header: x-signature }, signed: '{body}' }
  - { partner: http, name: warehouse, credentials: { apiKey: '\${vault:warehouse-key}' }, settings: { baseUrl: '\${PARTNER_URL}' } }
  - partner: http
    name: crm
    oauth:
      { tokenUrl: '\${PARTNER_URL}/oauth/token', grant: refresh_token, clientId: hub, clientSecret: '\${vault:crm-client}', refreshToken: '\${vault:crm-consent}' }
    settings: { baseUrl: '\${PARTNER_URL}' }
routes:
  - name: orders
    on: generic.shop.inbound.>
    to:
      - { name: book, do: http.warehouse.send, with: '{ "url": "/keyed", "json": body }' }
      - { name: tell, do: http.crm.send, with: '{ "url": "/tokens", "json": body }' }
`;

/** One webhook about every so many ms, whatever becomes of it. */
const EVERY_MS = 40;

const [k1, k2] = [drawMasterKey(new Date()), drawMasterKey(new Date())];

let database: FreshDatabase;
let nats: TestNats;
let partner: TokenPartner;
let hub: Hub;
let dir: string;
let env: Record<string, string>;
let shop: ReturnType<typeof startShop> | undefined;

/** Renamed into place, as whatever manages such files does. */
const putKeys = async (...keys: string[]): Promise<void> => {
  await writeFile(join(dir, 'master-keys.next'), keys.join(','));
  await rename(join(dir, 'master-keys.next'), join(dir, 'master-keys'));
};

const trunkline = async (command: string, secret = ''): Promise<Record<string, unknown>> => {
  const [out, errors]: string[][] = [[], []];
  const run = runCli({ env: { ...env, DATABASE_URL: database.url }, print: (line) => out!.push(line), printError: (line) => errors!.push(line), readSecret: async () => secret });
  expect(await run([...command.split(' '), '--json']), `trunkline ${command}: ${[...out!, ...errors!].join('\n')}`).toBe(0);
  return JSON.parse(out!.join('\n')) as Record<string, unknown>;
};

const keysInUse = async (): Promise<string[]> => ((await trunkline('vault status'))['keys'] as { keyId: string; counts: object[] }[]).filter(({ counts }) => counts.length > 0).map(({ keyId }) => keyId);

/** Two processes call for the same accounts, and share their tokens. */
const startAnotherConnector = async (): Promise<void> => {
  const [{ room, env: own }, port] = [hub.rooms.get('connector-http')!, await freePort()];
  const spec = { room, name: 'connector-http-2', url: `http://127.0.0.1:${port}`, env: { ...own, CONNECTOR_HEALTH_PORT: String(port) } };
  const another = roomProcess(spec, hub.logFile(spec.name));
  hub.rooms.set(spec.name, another);
  await another.start();
};

beforeAll(async () => {
  [database, nats, dir] = await Promise.all([freshDatabase(), startTestNats(), scratchFolder('rotate')]);
  partner = await startTokenPartner({ apiKey: SECRETS['warehouse-key'], clientSecret: SECRETS['crm-client'], refreshToken: SECRETS['crm-consent'], lifetimeS: 4 });
  await putKeys(k1);
  env = { MASTER_KEYS: '', MASTER_KEYS_FILE: join(dir, 'master-keys'), PARTNER_URL: partner.url, CONNECTOR_BACKOFF_BASE_MS: '50', CONNECTOR_AUTH_PAUSE_MS: '300' };
  hub = await startHub({ databaseUrl: database.url, natsUrl: nats.url, manifest: MANIFEST, partners: ['http'], dir, env });
  await startAnotherConnector();
  for (const [name, value] of Object.entries(SECRETS)) await trunkline(`secrets set ${name}`, value);
}, 120_000);
afterAll(async () => {
  await shop?.stop();
  await hub?.stop();
  await Promise.all([nats?.stop(), partner?.stop()]);
  await database?.drop();
  await rm(dir, { recursive: true, force: true });
}, 60_000);

const post = async (order: string, secret: string): Promise<number> => {
  const body = JSON.stringify({ type: 'order.paid', order });
  const headers = { 'content-type': 'application/json', 'x-signature': createHmac('sha256', secret).update(body).digest('hex') };
  return (await fetch(`${hub.ingestUrl}/webhooks/generic/shop`, { method: 'POST', body, headers })).status;
};

/** A shop that sends at an even rate, and never the same twice. */
const startShop = (secret: string) => {
  const statuses: Record<number, number> = {};
  const inFlight = new Set<Promise<void>>();
  const stop = async (): Promise<void> => {
    clearInterval(timer);
    await Promise.all(inFlight);
  };
  const sending = { secret, sent: 0, statuses, stop };
  const timer = setInterval(() => {
    const one: Promise<void> = post(`order-${(sending.sent += 1)}`, sending.secret).catch(() => 0).then((status) => {
      statuses[status] = (statuses[status] ?? 0) + 1;
      inFlight.delete(one);
    });
    inFlight.add(one);
  }, EVERY_MS);
  return sending;
};

/** Until the partner had this many more calls with a key, with none of another in between. */
const untilOnly = (key: string): Promise<unknown> => {
  let before = new Map(partner.seen.keys);
  return waitFor(() => {
    const others = [...partner.seen.keys].some(([one, count]) => one !== key && count !== (before.get(one) ?? 0));
    if (others) before = new Map(partner.seen.keys);
    return (partner.seen.keys.get(key) ?? 0) >= (before.get(key) ?? 0) + 30;
  }, { what: 'calls with the new key alone' });
};

const states = async (): Promise<Record<string, number>> => {
  const client = new pg.Client(database.url);
  await client.connect();
  const { rows } = await client.query<{ state: string; count: number }>('select state, count(*)::int from commands group by state');
  await client.end();
  return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
};

describe('under a steady load', () => {
  it('every key is changed for another: no webhook is refused, no command lost, doubled or given up, and no call made with anything else', async () => {
    await waitFor(async () => (await post('first', SECRETS['shop-webhook'])) === 202, { what: 'the first webhook' });
    shop = startShop(SECRETS['shop-webhook']);
    await waitFor(() => partner.seen.effects.size > 50, { what: 'fifty calls' });
    expect(await keysInUse()).toEqual([k1.split(':')[0]]);

    // The master key: the new one in front, everything sealed anew, the old one gone.
    await putKeys(k2, k1);
    expect(await trunkline('vault rotate')).toMatchObject({ rewrapped: expect.any(Number) });
    // What a room sealed in the very second of the change is caught by a second run.
    await waitFor(async () => (await trunkline('vault rotate'))['rewrapped'] === 0 && (await keysInUse()).length === 1, { what: 'nothing under the old key' });
    await putKeys(k2);

    // A partner's API key: both are good while it is changed.
    partner.keys.add('key_new');
    await trunkline('secrets set warehouse-key', 'key_new');
    await untilOnly('key_new');
    partner.keys.delete(SECRETS['warehouse-key']);

    // A webhook's signing secret: both are good while the sender changes over.
    await trunkline('secrets set shop-webhook-next', 'whsec_new');
    await waitFor(async () => (await post('probe', 'whsec_new')) !== 401, { what: 'ingest to know the new signing secret' });
    shop.secret = 'whsec_new';
    await trunkline('secrets remove shop-webhook');
    await waitFor(async () => (await post('probe', SECRETS['shop-webhook'])) === 401, { what: 'ingest to forget the old one' });

    // The client's secret at the token endpoint, and a token that is taken back before its time.
    partner.clientSecrets.add('client_new');
    await trunkline('secrets set crm-client', 'client_new');
    const given = partner.seen.tokens.given;
    await waitFor(() => partner.seen.tokens.given >= given + 2, { what: 'tokens by the new client secret' });
    partner.clientSecrets.delete(SECRETS['crm-client']);
    partner.revoke();
    const revoked = partner.seen.tokens.given;
    await waitFor(() => partner.seen.tokens.given > revoked, { what: 'a token instead of the one that was taken back' });

    await shop.stop();
    expect(Object.keys(shop.statuses)).toEqual(['202']);
    const orders = shop.sent + 2;
    const settled = await waitFor(async () => (await states())['succeeded'] === orders * 2 && states(), { what: `${orders * 2} commands to be done`, withinMs: 60_000 });
    expect(settled).toEqual({ succeeded: orders * 2 });
    expect([partner.seen.effects.size, Math.max(...partner.seen.effects.values())]).toEqual([orders * 2, 1]);
    expect(partner.seen).toMatchObject({ foreign: 0, tokens: { refused: 0, reused: 0 } });
    expect([...partner.seen.keys.keys()].toSorted()).toEqual(['key_new', SECRETS['warehouse-key']].toSorted());
    expect(await keysInUse()).toEqual([k2.split(':')[0]]);
  }, 240_000);
});
