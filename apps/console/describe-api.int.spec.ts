import type { OpenAPIObject } from '@nestjs/swagger';
import { RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newCorrelationId, SCOPES, type Command, type NewEvent } from '#contract';
import { ConsoleModule } from './console.module.ts';
import { anEvent, commandOf, consoleWorld, type ConsoleWorld } from './test/console-world.ts';
import { documentSchemas, type Check } from './test/document-schemas.ts';

let world: ConsoleWorld;
let document: OpenAPIObject;
let check: Check;
let paid: NewEvent;
let dead: Command;

beforeAll(async () => {
  world = await consoleWorld();
  document = (await world.ask('/openapi.json')).body;
  check = documentSchemas(document);
  paid = anEvent();
  dead = commandOf(paid);
  await world.log.append(paid);
  await world.attempt(dead, 'retrying', { failure: { class: 'transient', code: 'partner-timeout', message: 'late' }, nextAttemptAt: new Date().toISOString() });
  await world.attempt(dead, 'dead-lettered', { failure: { class: 'client', code: 'partner-refused', message: 'no' }, answer: { status: 400 } });
  await world.log.append(anEvent({ contentType: 'text/plain', data: Buffer.from('hi') }));
  await world.project();
});
afterAll(() => world.end());

/** Every route of every controller, as Nest knows them. */
const routes = (): string[] =>
  (ConsoleModule.register({} as never, {}).controllers ?? []).flatMap((controller) =>
    Object.getOwnPropertyNames(controller.prototype).filter((name) => name !== 'constructor').map((name) => {
      const handler = controller.prototype[name];
      const path = `/${Reflect.getMetadata(PATH_METADATA, controller)}/${Reflect.getMetadata(PATH_METADATA, handler)}`.replace(/\/+$/, '');
      return `${RequestMethod[Reflect.getMetadata(METHOD_METADATA, handler)]!.toLowerCase()} ${path.replaceAll(/:(\w+)/g, '{$1}')}`;
    }),
  );

const operations = () => Object.entries(document.paths).flatMap(([path, item]) => Object.entries(item).map(([method, operation]) => ({ path, method, operation: operation as any })));

describe('the document', () => {
  it('is OpenAPI 3.1 and holds every operation of the API', () => {
    expect(document.openapi).toBe('3.1.0');
    expect(operations().map(({ method, path }) => `${method} ${path}`).toSorted()).toEqual(routes().toSorted());
    expect(routes()).toContain('post /v1/dead-letters/{commandId}/redrive');
  });

  it('names each operation, its good answer and its problems', () => {
    for (const { path, method, operation } of operations()) {
      const statuses = Object.keys(operation.responses);
      expect([path, method, operation.operationId, operation.summary]).not.toContain(undefined);
      expect(statuses.filter((status) => status.startsWith('2'))).toHaveLength(1);
      for (const [status, response] of Object.entries<any>(operation.responses)) {
        expect(Object.keys(response.content), `${method} ${path} ${status}`).toEqual([status.startsWith('2') ? 'application/json' : 'application/problem+json']);
      }
      if (operation.parameters?.length > 0) expect(statuses).toContain('400');
      // What is put is there afterwards.
      if (path.includes('{') && method !== 'put') expect(statuses).toContain('404');
    }
  });

  it('says how a caller shows who they are, and which scope each operation needs', () => {
    expect(document.components?.securitySchemes).toMatchObject({ key: { type: 'http', scheme: 'bearer' } });
    for (const { path, method, operation } of operations()) {
      expect(operation.security, `${method} ${path}`).toEqual([{ key: [expect.toBeOneOf([...SCOPES])] }]);
      expect(Object.keys(operation.responses)).toEqual(expect.arrayContaining(['401', '403']));
    }
  });

  it('refers to nothing that it does not hold', () => {
    const names = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map((match) => match[1]!);
    expect(names.filter((name) => document.components?.schemas?.[name] === undefined)).toEqual([]);
  });
});

describe('answers', () => {
  it.each<[string, () => string, number]>([
    ['/v1/events', () => '/v1/events', 200],
    ['/v1/events', () => '/v1/events?limit=1', 200],
    ['/v1/events', () => '/v1/events?limit=none', 400],
    ['/v1/events/{id}', () => `/v1/events/${paid.id}`, 200],
    ['/v1/events/{id}', () => `/v1/events/${newCorrelationId()}`, 404],
    ['/v1/timelines/{correlationId}', () => `/v1/timelines/${paid.correlationId}`, 200],
    ['/v1/timelines/{correlationId}', () => `/v1/timelines/${newCorrelationId()}`, 404],
    ['/v1/commands', () => '/v1/commands', 200],
    ['/v1/commands/{id}', () => `/v1/commands/${dead.id}`, 200],
    ['/v1/commands/{id}', () => '/v1/commands/x', 400],
    ['/v1/dead-letters', () => '/v1/dead-letters', 200],
    ['/v1/dead-letters', () => '/v1/dead-letters?groupBy=cause', 200],
    ['/v1/integrations', () => '/v1/integrations', 200],
    ['/v1/budgets', () => '/v1/budgets', 200],
    ['/v1/health', () => '/v1/health', 200],
    ['/v1/keys', () => '/v1/keys', 200],
  ])('of %s (%o, %i) are what the document says, and no more', async (path, ask, status) => {
    const answer = await world.ask(ask());
    expect(answer.status).toBe(status);
    expect(check('get', path, status, answer.body)).toEqual([]);
  });

  it('of what is done to keys are what the document says, and no more', async () => {
    const post = (path: string, body?: object) => world.ask(path, { method: 'POST', headers: body && { 'content-type': 'application/json' }, body: body && JSON.stringify(body) });
    const made = await post('/v1/keys', { name: 'reports', scopes: ['read'], tenant: 'north', expiresAt: '2099-01-01T01:00:00+01:00' });
    expect(made).toMatchObject({ status: 201, body: { key: { name: 'reports', tenant: 'north', expiresAt: '2099-01-01T00:00:00Z', createdBy: expect.stringMatching(/^key:/) } } });
    const refused = await post('/v1/keys', { name: 'reports', scopes: ['admin'], tenant: 'north' });
    expect(refused).toMatchObject({ status: 400, body: { cause: 'validation-failed' } });
    const id = made.body.key.id as string;
    const [revoked, none] = [await post(`/v1/keys/${id}/revoke`), await post('/v1/keys/11111111111/revoke')];
    expect([revoked.status, revoked.body.revokedAt, none.status]).toEqual([200, expect.stringMatching(/Z$/), 404]);
    const checked = [
      check('post', '/v1/keys', 201, made.body), check('post', '/v1/keys', 400, refused.body),
      check('post', '/v1/keys/{keyId}/revoke', 200, revoked.body), check('post', '/v1/keys/{keyId}/revoke', 404, none.body),
    ];
    expect(checked.flat()).toEqual([]);
    expect(await world.askAs(made.body.text, '/v1/health')).toMatchObject({ status: 401, body: { cause: 'unauthenticated' } });
  });

  it.each([
    [{}], [{ name: 'x' }], [{ name: 'x', scopes: [] }], [{ name: 'x', scopes: ['root'] }], [{ name: 'x', scopes: 'read' }], [{ name: 'x', scopes: ['read', 'read'] }],
    [{ name: '', scopes: ['read'] }], [{ name: 'x', scopes: ['read'], tenant: 'North!' }], [{ name: 'x', scopes: ['read'], expiresAt: 'soon' }],
    [{ name: 'x', scopes: ['read'], expiresAt: '2020-01-01T00:00:00Z' }], [{ name: 'x', scopes: ['read'], id: 'mine' }],
  ])('of a key like %j is a problem', async (body) => {
    const answer = await world.ask('/v1/keys', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
    expect(answer).toMatchObject({ status: 400, body: { cause: 'validation-failed' } });
  });

  it('of a redrive are what the document says, and no more', async () => {
    const redrive = async () => world.ask(`/v1/dead-letters/${dead.id}/redrive`, { method: 'POST' });
    const [first, second] = [await redrive(), await redrive()];
    const path = '/v1/dead-letters/{commandId}/redrive';
    expect([first.status, second.status]).toEqual([202, 409]);
    expect([...check('post', path, 202, first.body), ...check('post', path, 409, second.body)]).toEqual([]);
  });

  it('that differ from the document are found', () => {
    expect(check('get', '/v1/health', 200, { status: 'ok', words: '', parts: [], integrations: [], more: 1 })).toHaveLength(1);
    expect(check('get', '/v1/health', 200, { status: 'fine', words: '', integrations: [] })).toHaveLength(2);
    expect(check('get', '/v1/health', 418, {})).toEqual(['get /v1/health 418 is not described']);
  });
});

describe('the reference', () => {
  it('is made of files of this server alone, and may ask nobody else', async () => {
    const { status, type, headers, body } = await world.ask('/docs');
    expect([status, type]).toEqual([200, 'text/html']);
    expect(headers.get('content-security-policy')).toMatch(/default-src 'none'.*connect-src 'self'/);
    expect(headers.get('content-security-policy')).not.toContain('http');
    const files = [...body.matchAll(/(?:src|href)="([^"]+)"/g)].map((match: string[]) => match[1]!).filter((file: string) => !file.startsWith('data:'));
    expect(files).toEqual(['docs/swagger-ui.css', 'docs/swagger-ui-bundle.js', 'docs/start.js']);
    for (const file of files) expect((await world.ask(`/${file}`)).status).toBe(200);
    expect((await world.ask('/docs/start.js')).body).toContain("url: 'openapi.json'");
  });
});
