import type { OpenAPIObject } from '@nestjs/swagger';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SCOPES, type Command, type Scope } from '#contract';
import { tellAccountStates } from '#event-log';
import pg from 'pg';
import { anEvent, applyManifest, commandOf, consoleWorld, MANIFEST, TESTER, type Answer, type ConsoleWorld } from './test/console-world.ts';

/** Everybody who may come to the door: no key, bad ones, one key for each scope, and one of another tenant that may do the most such a key can. */
const CALLERS = ['nobody', 'mistyped', 'unknown', 'expired', 'revoked', ...SCOPES, 'operate of another tenant', 'read of this tenant'] as const;
type Caller = (typeof CALLERS)[number];

/**
 * Every route of the console: what it needs, what it answers to those who may, and to a key of another tenant: 200 with nothing of
 * others in it, 404 as for what does not exist, or 403. A new route that is not here fails the first test.
 */
type Row = { scope: Scope; path(): string; body?: () => object; good: number; otherTenant: 200 | 403 | 404 };

let world: ConsoleWorld;
let document: OpenAPIObject;
let paid: ReturnType<typeof anEvent>;
let dead: Command[];
const texts = {} as Record<Caller, string | undefined>;
const revocable: string[] = [];
const removable = 'short-lived';

const ADA = { kind: 'email', value: 'ada@example.com' };

const TABLE: Record<string, Row> = {
  'get /v1/events': { scope: 'read', path: () => '/v1/events', good: 200, otherTenant: 200 },
  'get /v1/events/{id}': { scope: 'read', path: () => `/v1/events/${paid.id}`, good: 200, otherTenant: 404 },
  'get /v1/timelines/{correlationId}': { scope: 'read', path: () => `/v1/timelines/${paid.correlationId}`, good: 200, otherTenant: 404 },
  'get /v1/commands': { scope: 'read', path: () => '/v1/commands', good: 200, otherTenant: 200 },
  'get /v1/commands/{id}': { scope: 'read', path: () => `/v1/commands/${dead[0]!.id}`, good: 200, otherTenant: 404 },
  'get /v1/dead-letters': { scope: 'read', path: () => '/v1/dead-letters', good: 200, otherTenant: 200 },
  'post /v1/dead-letters/{commandId}/redrive': { scope: 'operate', path: () => `/v1/dead-letters/${dead.at(-1)!.id}/redrive`, good: 202, otherTenant: 404 },
  'get /v1/integrations': { scope: 'read', path: () => '/v1/integrations', good: 200, otherTenant: 200 },
  'get /v1/budgets': { scope: 'read', path: () => '/v1/budgets', good: 200, otherTenant: 200 },
  'get /v1/health': { scope: 'read', path: () => '/v1/health', good: 200, otherTenant: 200 },
  'post /v1/people/find': { scope: 'admin', path: () => '/v1/people/find', body: () => ADA, good: 200, otherTenant: 403 },
  'post /v1/people/export': { scope: 'admin', path: () => '/v1/people/export', body: () => ADA, good: 200, otherTenant: 403 },
  'post /v1/people/erase': { scope: 'admin', path: () => '/v1/people/erase', body: () => ({ kind: 'email', value: 'bob@example.com' }), good: 200, otherTenant: 403 },
  'post /v1/people/suppress': { scope: 'operate', path: () => '/v1/people/suppress', body: () => ADA, good: 200, otherTenant: 200 },
  'post /v1/people/allow': { scope: 'operate', path: () => '/v1/people/allow', body: () => ADA, good: 200, otherTenant: 200 },
  'get /v1/keys': { scope: 'admin', path: () => '/v1/keys', good: 200, otherTenant: 403 },
  'post /v1/keys': { scope: 'admin', path: () => '/v1/keys', body: () => ({ name: 'more', scopes: ['read'] }), good: 201, otherTenant: 403 },
  'get /v1/secrets': { scope: 'admin', path: () => '/v1/secrets', good: 200, otherTenant: 403 },
  'put /v1/secrets/{secretName}': { scope: 'admin', path: () => '/v1/secrets/fresh', body: () => ({ value: 'hush' }), good: 200, otherTenant: 403 },
  'delete /v1/secrets/{secretName}': { scope: 'admin', path: () => `/v1/secrets/${removable}`, good: 200, otherTenant: 403 },
  'post /v1/keys/{keyId}/revoke': { scope: 'admin', path: () => `/v1/keys/${revocable.at(-1)!}/revoke`, good: 200, otherTenant: 403 },
};

const MAY: Record<Scope, readonly Caller[]> = {
  read: ['read', 'operate', 'admin', 'read of this tenant'],
  operate: ['operate', 'admin'],
  admin: ['admin'],
  publish: ['publish'],
};

const expected = (row: Row, caller: Caller): number => {
  if (['nobody', 'mistyped', 'unknown', 'expired', 'revoked'].includes(caller)) return 401;
  if (caller === 'operate of another tenant') return row.otherTenant;
  return MAY[row.scope].includes(caller) ? row.good : 403;
};

const ask = (route: string, caller: Caller): Promise<Answer> => {
  const [row, method] = [TABLE[route]!, route.split(' ')[0]!.toUpperCase()];
  const body = row.body && { body: JSON.stringify(row.body()), headers: { 'content-type': 'application/json' } };
  return world.askAs(texts[caller], row.path(), { method, ...body });
};

const deadLetter = async (): Promise<Command> => {
  const event = anEvent();
  await world.log.append(event);
  const command = commandOf(event);
  await world.attempt(command, 'dead-lettered', { failure: { class: 'client', code: 'partner-refused', message: 'no' } });
  return command;
};

const makeKeys = async (): Promise<void> => {
  for (const scope of SCOPES) texts[scope] = (await world.keys.create({ name: scope, scopes: [scope] }, TESTER)).text;
  texts['read of this tenant'] = (await world.keys.create({ name: 'ours', scopes: ['read'], tenant: 'default' }, TESTER)).text;
  texts['operate of another tenant'] = (await world.keys.create({ name: 'theirs', scopes: ['operate'], tenant: 'other' }, TESTER)).text;
  const revoked = await world.keys.create({ name: 'revoked', scopes: ['admin'] }, TESTER);
  await world.keys.revoke(revoked.key.id, TESTER);
  texts.revoked = revoked.text;
  const expired = await world.keys.create({ name: 'expired', scopes: ['admin'], expiresAt: new Date(Date.now() + 60_000).toISOString() }, TESTER);
  const owner = new pg.Client({ connectionString: world.databaseUrl });
  await owner.connect();
  await owner.query(`update api_keys set expires_at = now() - interval '1 second' where id = $1`, [expired.key.id]);
  texts.expired = expired.text;
  const gone = await world.keys.create({ name: 'gone', scopes: ['admin'] }, TESTER);
  await owner.query('delete from api_keys where id = $1', [gone.key.id]);
  await owner.end();
  texts.unknown = gone.text;
  texts.mistyped = `${texts.admin!.slice(0, -1)}${texts.admin!.endsWith('x') ? 'y' : 'x'}`;
};

beforeAll(async () => {
  world = await consoleWorld();
  document = (await world.ask('/openapi.json')).body;
  paid = anEvent();
  await world.log.append(paid);
  await makeKeys();
  await world.people.sealEvent(anEvent(), [ADA]);
  dead = [await deadLetter()];
  await world.project();
});
afterAll(() => world.end());

const operations = (): string[] => Object.entries(document.paths).flatMap(([path, item]) => Object.keys(item).map((method) => `${method} ${path}`));

describe('access', () => {
  it('is decided here for every route that there is', () => {
    expect(Object.keys(TABLE).toSorted()).toEqual(operations().toSorted());
    for (const [route, { scope }] of Object.entries(TABLE)) {
      const [method, path] = route.split(' ') as [string, string];
      expect((document.paths[path] as any)[method].security, route).toEqual([{ key: [scope] }]);
    }
  });

  describe.each(Object.keys(TABLE))('to %s', (route) => {
    it.each(CALLERS)('by %s', async (caller) => {
      // What is used up by being asked for is there afresh for each caller.
      if (route.endsWith('/redrive')) {
        dead.push(await deadLetter());
        await world.project();
      }
      if (route.endsWith('/erase')) await world.people.sealEvent(anEvent(), [{ kind: 'email', value: 'bob@example.com' }]);
      if (route.endsWith('/revoke')) revocable.push((await world.keys.create({ name: 'short-lived', scopes: ['read'] }, TESTER)).key.id);
      if (route.startsWith('delete /v1/secrets')) await world.askAs(texts.admin, `/v1/secrets/${removable}`, { method: 'PUT', body: '{"value":"hush"}', headers: { 'content-type': 'application/json' } });
      const answer = await ask(route, caller);
      expect(answer.status).toBe(expected(TABLE[route]!, caller));
      if (answer.status === 401) {
        expect(answer).toMatchObject({ type: 'application/problem+json', body: { cause: 'unauthenticated' } });
        expect(answer.headers.get('www-authenticate')).toMatch(caller === 'nobody' ? /^Bearer realm="trunkline"$/ : /error="invalid_token"/);
      }
      if (answer.status === 403) expect(answer).toMatchObject({ type: 'application/problem+json', body: { cause: 'forbidden' } });
    });
  });

  it('is asked for in HEAD as in GET', async () => {
    for (const route of Object.keys(TABLE).filter((one) => one.startsWith('get '))) {
      expect((await fetch(`${world.url}${TABLE[route]!.path()}`, { method: 'HEAD' })).status, route).toBe(401);
    }
  });

  it.each(['/health/live', '/health/ready', '/openapi.json', '/docs', '/docs/start.js', '/docs/swagger-ui.css'])('to %s is everybody’s', async (path) => {
    expect((await fetch(`${world.url}${path}`)).status).toBe(200);
  });

  it('does not turn on how a path is written', async () => {
    for (const path of ['/v1/events/', '//v1/events', '/V1/EVENTS', '/health/../v1/events', '/v1/events?x=/health/live', '/%76%31/events']) {
      expect([401, 404, 405], path).toContain((await fetch(`${world.url}${path}`)).status);
    }
  });

  it('is told apart: what is wrong with a key', async () => {
    const detail = async (caller: Caller) => (await ask('get /v1/events', caller)).body.detail as string;
    expect(await detail('nobody')).toContain('trunkline keys create --name <name> --scope read');
    expect(await detail('mistyped')).toContain('no whole key');
    expect(await detail('unknown')).toContain('There is no such key here');
    expect(await detail('expired')).toContain('has expired');
    expect(await detail('revoked')).toContain('was revoked');
  });
});

describe('a key of one tenant', () => {
  const as = (caller: Caller, path: string) => world.askAs(texts[caller], path);
  const items = async (caller: Caller, path: string): Promise<any[]> => (await as(caller, path)).body.items;

  it.each(['/v1/events', '/v1/events?partner=stripe', '/v1/events?type=operator.', '/v1/commands', '/v1/commands?partner=slack', '/v1/dead-letters', '/v1/integrations', '/v1/budgets'])(
    'sees nothing of another in %s', async (path) => {
      expect(await items('operate of another tenant', path)).toEqual([]);
      expect((await items('admin', path)).length).toBeGreaterThan(0);
    });

  it('is told how its own integrations do, and of no other', async () => {
    const seen = async (caller: Caller) => (await as(caller, '/v1/health')).body.integrations.map(({ partner }: any) => partner);
    expect([await seen('operate of another tenant'), await seen('read of this tenant')]).toEqual([[], ['slack', 'stripe']]);
    await tellAccountStates(world.db, { partner: 'stripe', process: 'test' }, [{ integration: 'acme', state: 'shut', reason: 'these variables are not set: STRIPE_API_KEY' }]);
    const words = async (caller: Caller) => (await as(caller, '/v1/health')).body.integrations[1].words;
    expect([await words('admin'), await words('read of this tenant')]).toEqual([expect.stringContaining('STRIPE_API_KEY'), expect.not.stringContaining('STRIPE_API_KEY')]);
  });

  it('sees nothing of another in the groups of dead letters', async () => {
    expect((await as('operate of another tenant', '/v1/dead-letters?groupBy=cause')).body.groups).toEqual([]);
    expect((await as('read of this tenant', '/v1/dead-letters?groupBy=cause')).body.groups).toHaveLength(1);
  });

  it('cannot name a tenant, nor get at another’s command by asking for it again', async () => {
    expect((await as('operate of another tenant', '/v1/events?tenant=default')).status).toBe(400);
    const before = (await as('admin', `/v1/commands/${dead[0]!.id}`)).body;
    const answer = await world.askAs(texts['operate of another tenant'], `/v1/dead-letters/${dead[0]!.id}/redrive`, { method: 'POST' });
    expect(answer).toMatchObject({ status: 404, body: { cause: 'not-found' } });
    expect((await as('admin', `/v1/commands/${dead[0]!.id}`)).body).toEqual(before);
  });

  it('sees its own, and not what concerns the hub as a whole', async () => {
    expect((await items('read of this tenant', '/v1/events')).length).toBeGreaterThan(0);
    expect(await items('read of this tenant', '/v1/events?type=operator.manifest')).toEqual([]);
    const [manifest] = await items('admin', '/v1/events?type=operator.manifest');
    expect((await as('read of this tenant', `/v1/events/${manifest.id}`)).status).toBe(404);
    expect((await items('read of this tenant', '/v1/integrations')).map(({ partner }) => partner)).toEqual(['slack', 'stripe']);
  });

  it('is not told of routes that never take its events', async () => {
    const routes = async (caller: Caller) => (await as(caller, `/v1/events/${paid.id}`)).body.routing.routes.map(({ route }: any) => route);
    expect(await routes('admin')).toEqual(['tell-ops', 'broken', 'other']);
    expect(await routes('read of this tenant')).toEqual(['tell-ops', 'broken']);
  });

  it('follows an account that moves to another tenant by the manifest', async () => {
    const [stripe, slack] = MANIFEST.integrations;
    await applyManifest(world.log, { ...MANIFEST, integrations: [{ ...stripe!, tenant: 'other' }, slack!] }, 2);
    expect((await items('operate of another tenant', '/v1/integrations')).map(({ partner }) => partner)).toEqual(['stripe']);
    expect((await items('read of this tenant', '/v1/integrations')).map(({ partner }) => partner)).toEqual(['slack']);
  });
});
