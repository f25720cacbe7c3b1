import { afterAll, beforeAll, expect, it } from 'vitest';
import { anEvent, commandOf, consoleWorld, TESTER, type ConsoleWorld } from '../../apps/console/test/console-world.ts';
import { fuzzApi } from './fuzz-api.ts';
import { judgeAnswer } from './judge-answer.ts';

/** `npm run fuzz` sends many more. */
const REQUESTS = Number(process.env['FUZZ_REQUESTS'] ?? 2_000);
const SEED = Number(process.env['FUZZ_SEED'] ?? 1);

let world: ConsoleWorld;
const known: string[] = [];
let key: string;

beforeAll(async () => {
  world = await consoleWorld();
  for (const failure of [undefined, { class: 'client' as const, code: 'partner-refused', message: 'no' }]) {
    const event = anEvent();
    const command = commandOf(event);
    await world.log.append(event);
    await world.attempt(command, failure ? 'dead-lettered' : 'succeeded', { failure });
    known.push(event.id, event.correlationId, command.id);
  }
  await world.project();
  key = (await world.keys.create({ name: 'fuzz', scopes: ['admin'] }, TESTER)).text;
});
afterAll(() => world.end());

it(`answers ${REQUESTS} requests, most of them wrong, without a 5xx, a hang or an error without a cause`, async () => {
  const document = (await world.ask('/openapi.json')).body;
  const onProgress = (done: number): void => {
    if (done % 5_000 === 0) process.stdout.write(`${done} of ${REQUESTS} requests answered\n`);
  };
  const report = await fuzzApi({ url: world.url, document, known, requests: REQUESTS, seed: SEED, headers: { authorization: `Bearer ${key}` }, onProgress });
  expect(report.findings.slice(0, 10).map(({ request, said }) => ({ said, request: JSON.stringify(request).slice(0, 400) }))).toEqual([]);
  expect(report.sent).toBe(REQUESTS);
  // It got past the door: some were right, some wrong, some about nothing.
  for (const status of [200, 400, 401, 404, 405]) expect(report.statuses[status], `answers with ${status} among ${JSON.stringify(report.statuses)}`).toBeGreaterThan(0);
}, 600_000);

it.each([
  ['a 500', { status: 500, contentType: 'application/problem+json', body: '{}' }],
  ['an error as text/html', { status: 404, contentType: 'text/html', body: '<h1>no</h1>' }],
  ['a problem that says 404', { status: 400, contentType: 'application/problem+json', body: '{"status":404,"cause":"not-found","detail":"x"}' }],
  ['the cause "oops"', { status: 400, contentType: 'application/problem+json', body: '{"status":400,"cause":"oops","detail":"x"}' }],
  ['without a detail', { status: 404, contentType: 'application/problem+json', body: '{"status":404,"cause":"not-found"}' }],
  ['a stack trace', { status: 404, contentType: 'application/problem+json', body: '{"status":404,"cause":"not-found","detail":"x at f (a.js:1:2)"}' }],
  ['JSON that is none', { status: 200, contentType: 'application/json', body: '{' }],
])('calls out %s', (words, answer) => {
  expect(judgeAnswer('GET', answer)).toContain(words);
});
