import type { OpenAPIObject } from '@nestjs/swagger';
import { RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newCorrelationId, type Command, type NewEvent } from '#contract';
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
  (ConsoleModule.register({} as never).controllers ?? []).flatMap((controller) =>
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
      if (path.includes('{')) expect(statuses).toContain('404');
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
    ['/v1/health', () => '/v1/health', 200],
  ])('of %s (%o, %i) are what the document says, and no more', async (path, ask, status) => {
    const answer = await world.ask(ask());
    expect(answer.status).toBe(status);
    expect(check('get', path, status, answer.body)).toEqual([]);
  });

  it('of a redrive are what the document says, and no more', async () => {
    const redrive = async () => world.ask(`/v1/dead-letters/${dead.id}/redrive`, { method: 'POST' });
    const [first, second] = [await redrive(), await redrive()];
    const path = '/v1/dead-letters/{commandId}/redrive';
    expect([first.status, second.status]).toEqual([202, 409]);
    expect([...check('post', path, 202, first.body), ...check('post', path, 409, second.body)]).toEqual([]);
  });

  it('that differ from the document are found', () => {
    expect(check('get', '/v1/health', 200, { status: 'ok', words: '', parts: [], more: 1 })).toHaveLength(1);
    expect(check('get', '/v1/health', 200, { status: 'fine', words: '' })).toHaveLength(2);
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
