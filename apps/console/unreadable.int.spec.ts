import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { consoleWorld, type ConsoleWorld } from './test/console-world.ts';

it('gives up a question that takes too long, and answers the others', async () => {
  const world = await consoleWorld({ CONSOLE_QUERY_TIMEOUT_MS: '1000' });
  const owner = new pg.Client({ connectionString: world.databaseUrl });
  await owner.connect();
  await owner.query('begin; lock table event_feed in access exclusive mode');
  const [slow, quick] = await Promise.all([world.ask('/v1/events'), world.ask('/v1/commands')]);
  expect(slow).toMatchObject({ status: 503, type: 'application/problem+json', body: { cause: 'query-too-slow' } });
  expect(quick.status).toBe(200);
  await owner.query('rollback');
  expect((await world.ask('/v1/events')).status).toBe(200);
  await owner.end();
  await world.end();
});

let away: ConsoleWorld;
beforeAll(async () => {
  away = await consoleWorld({ DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' });
});
afterAll(() => away.end());

it.each(['/v1/events', '/v1/events/01a20608-d8a2-7323-8c35-92940993cc31', '/v1/dead-letters', '/v1/integrations', '/v1/health', '/v1/keys'])('says of %s that the database is away, and when to ask again: nobody can be told from anybody then', async (path) => {
  const answer = await away.ask(path);
  expect(answer).toMatchObject({ status: 503, type: 'application/problem+json', body: { cause: 'log-unavailable' } });
  expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
});

it('is not ready while the database is away', async () => {
  expect((await away.ask('/health/ready')).status).toBe(503);
  expect((await away.ask('/health/live')).status).toBe(200);
});
