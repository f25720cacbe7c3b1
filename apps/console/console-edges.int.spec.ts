import { afterEach, expect, it } from 'vitest';
import { loadConfig, type Room } from '#boot';
import { TEST_MASTER_KEYS } from '#testkit';
import { consoleConfig } from './console.config.ts';
import { startConsole } from './start-console.ts';

let room: Room | undefined;
afterEach(() => room?.stop());

/** A console without a database: what is decided at its edge is decided before anyone looks there. */
const open = async (env: Record<string, string> = {}) => {
  const config = loadConfig(consoleConfig, { MASTER_KEYS: TEST_MASTER_KEYS, DATABASE_URL: 'postgres://127.0.0.1:1/none', CONSOLE_PORT: '0', LOG_LEVEL: 'silent', ...env });
  const started = await startConsole(config, {});
  room = started;
  return (path: string, headers: Record<string, string> = {}, init: RequestInit = {}) => fetch(started.url + path, { ...init, headers });
};

it('answers those who are listed, and tells everyone its health', async () => {
  const ask = await open({ CONSOLE_ALLOW_FROM: '192.0.2.0/24, 2001:db8::/32', TRUSTED_PROXIES: '127.0.0.1' });
  const statuses = async (forwarded: string) => Promise.all(['/docs', '/openapi.json', '/health/live', '/v1/events?limit=0', '/nowhere'].map(async (path) => (await ask(path, { 'x-forwarded-for': forwarded })).status));
  expect(await statuses('192.0.2.9')).toEqual([200, 200, 200, 401, 404]);
  expect(await statuses('203.0.113.9')).toEqual([403, 403, 200, 403, 403]);
  expect(await (await ask('/docs')).json()).toMatchObject({ status: 403, cause: 'address-refused' });
});

it('refuses an address that asks too much, says when to come back, and how much is left before that', async () => {
  const ask = await open({ CONSOLE_RATE_PER_SECOND: '3' });
  const answers = await Promise.all([1, 2, 3, 4, 5].map(() => ask('/openapi.json')));
  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 200, 200, 429, 429]);
  const refused = answers.find(({ status }) => status === 429)!;
  expect(['retry-after', 'ratelimit-policy', 'ratelimit'].map((name) => refused.headers.get(name))).toEqual(['1', '"address";q=3;w=1', '"address";r=0;t=1']);
  expect(await refused.json()).toMatchObject({ cause: 'rate-limited' });
});

it('refuses bodies that are nested too deep', async () => {
  const ask = await open();
  const body = `${'{"by":'.repeat(40)}1${'}'.repeat(40)}`;
  const answer = await ask('/v1/dead-letters/00000000-0000-7000-8000-000000000000/redrive', { 'content-type': 'application/json' }, { method: 'POST', body });
  expect([answer.status, await answer.json()]).toMatchObject([400, { cause: 'malformed', detail: 'The body is nested deeper than 32 levels.' }]);
});
