import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newCorrelationId, traceIdOf, type Command, type NewEvent } from '#contract';
import { tellAccountStates } from '#event-log';
import { anEvent, applyManifest, commandOf, consoleWorld, MANIFEST, type ConsoleWorld } from './test/console-world.ts';

const failure = { class: 'client' as const, code: 'partner-refused', message: 'channel_not_found' };
const timeout = { class: 'transient' as const, code: 'partner-timeout', message: 'No answer within 10 s.' };

let world: ConsoleWorld;
let paid: NewEvent;
let command: Command;
let dead: Command;

beforeAll(async () => {
  world = await consoleWorld({ TRACE_UI_URL: 'http://jaeger.test' });
  paid = anEvent();
  command = commandOf(paid);
  await world.log.append(paid);
  await world.attempt(command, 'retrying', { failure: timeout, nextAttemptAt: new Date().toISOString() });
  await world.attempt(command, 'succeeded', { answer: { status: 200, reference: 'msg-7' } });
  const other = anEvent({ data: Buffer.from('{"amount":13}') });
  dead = commandOf(other);
  await world.log.append(other);
  await world.attempt(dead, 'dead-lettered', { failure });
  await world.log.append(anEvent({ contentType: 'application/xml', data: Buffer.from('<a/>'), type: 'inbound.note' }));
  await world.project();
});
afterAll(() => world.end());

const page = async (path: string): Promise<{ items: any[]; next?: string }> => {
  const { status, body } = await world.ask(path);
  expect(status).toBe(200);
  return body;
};

describe('events', () => {
  it('are listed newest first, by what one asks for', async () => {
    expect((await page('/v1/events')).items.map((item) => item.type)).toEqual([
      'inbound.note', 'command.dead-lettered', 'inbound.invoice.paid', 'command.succeeded', 'command.retrying', 'inbound.invoice.paid', 'operator.manifest-applied', 'operator.acted',
    ]);
    expect((await page('/v1/events?partner=stripe&type=inbound.invoice')).items).toHaveLength(2);
    expect((await page(`/v1/events?correlationId=${traceIdOf(paid.correlationId).toUpperCase()}`)).items).toHaveLength(3);
    expect((await page('/v1/events?until=2020-01-01T01:00:00%2B01:00')).items).toEqual([]);
  });

  it('come in pages', async () => {
    const first = await page('/v1/events?limit=3');
    const second = await page(`/v1/events?limit=5&after=${first.next}`);
    expect(second.next).toBeUndefined();
    expect(new Set([...first.items, ...second.items].map((item) => item.id)).size).toBe(8);
  });

  it('are shown whole, with what became of them and why', async () => {
    const { body } = await world.ask(`/v1/events/${paid.id.toUpperCase()}`);
    expect(body).toMatchObject({
      id: paid.id, traceId: traceIdOf(paid.correlationId), occurredAt: '2026-03-01T12:00:00Z', contentType: 'application/json',
      body: { encoding: 'json', value: { amount: 12 }, bytes: 13 },
      routing: { words: '2 of 3 routes take this event; 2 commands follow from it.', manifestVersion: 1, routesInForce: 3 },
    });
    expect(body.routing.routes.map(({ route, outcome }: any) => [route, outcome])).toEqual([['tell-ops', 'matched'], ['broken', 'matched'], ['other', 'subject-differs']]);
    expect(body.routing.commands).toMatchObject([
      { id: command.id, route: 'tell-ops', state: 'succeeded', attempts: 2, words: 'Done after 2 attempts.' },
      { route: 'broken', state: 'none', attempts: 0, defect: { code: 'mapping-failed' } },
    ]);
    const { body: note } = await world.ask(`/v1/events/${(await page('/v1/events?type=inbound.note')).items[0].id}`);
    expect(note).toMatchObject({ body: { encoding: 'base64', value: 'PGEvPg==' }, routing: { words: 'None of the 3 routes in force takes this event; nothing follows from it.' } });
  });

  it('keep the routes that were in force when they were recorded', async () => {
    await applyManifest(world.log, { ...MANIFEST, routes: [] }, 2);
    const later = anEvent();
    await world.log.append(later);
    expect((await world.ask(`/v1/events/${paid.id}`)).body.routing).toMatchObject({ manifestVersion: 1, routesInForce: 3 });
    expect((await world.ask(`/v1/events/${later.id}`)).body.routing).toMatchObject({ manifestVersion: 2, routesInForce: 0 });
    await applyManifest(world.log, MANIFEST, 3);
    await world.project();
  });
});

describe('a timeline', () => {
  it.each([['its correlation id', (id: string) => id], ['its trace id', traceIdOf]])('tells the flow in order, found by %s', async (_, written) => {
    const { status, body } = await world.ask(`/v1/timelines/${written(paid.correlationId)}`);
    expect(status).toBe(200);
    expect(body.items.map(({ kind, words }: any) => [kind, words.replace(/due at .*/, 'due')])).toEqual([
      ['event', 'stripe/acme told us: invoice.paid.'],
      ['command', 'Route tell-ops asks slack/ops to post-message (slack). Done after 2 attempts.'],
      ['command', 'Route broken asks slack/ops to post-message (nowhere). On its way: no connector has taken it yet.'],
      ['attempt', 'slack/ops post-message: Attempt 1 failed. partner-timeout: No answer within 10 s. The next attempt is due'],
      ['attempt', 'slack/ops post-message: Attempt 2 succeeded (12 ms, HTTP 200, the partner calls it msg-7).'],
    ]);
    const traceId = traceIdOf(paid.correlationId);
    expect(traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(body).toMatchObject({ correlationId: paid.correlationId, traceId, traceUrl: `http://jaeger.test/trace/${traceId}` });
  });

  it('goes on over pages', async () => {
    const first = (await world.ask(`/v1/timelines/${paid.correlationId}?limit=1`)).body;
    const rest = (await world.ask(`/v1/timelines/${paid.correlationId}?after=${first.next}`)).body;
    expect([first.items.length, rest.items.length, rest.next]).toEqual([3, 2, undefined]);
  });
});

describe('commands', () => {
  it('are listed by where they stand', async () => {
    expect((await page('/v1/commands?partner=slack')).items.map((item) => item.id)).toEqual([dead.id, command.id]);
    const [only] = (await page('/v1/commands?state=succeeded&route=tell-ops&action=post-message&integration=ops')).items;
    expect(only).toMatchObject({ id: command.id, eventId: paid.id, answer: { status: 200, reference: 'msg-7' }, failure: timeout, words: 'Done after 2 attempts.' });
  });

  it('are shown with each attempt', async () => {
    const { body } = await world.ask(`/v1/commands/${command.id}`);
    expect(body.attemptsMade.map(({ attempt, outcome }: any) => [attempt, outcome])).toEqual([[1, 'retrying'], [2, 'succeeded']]);
    expect(body.attemptsMade[1].words).toBe('Attempt 2 succeeded (12 ms, HTTP 200, the partner calls it msg-7).');
  });
});

describe('dead letters', () => {
  it('are listed, and grouped by cause', async () => {
    expect((await page('/v1/dead-letters')).items.map((item) => item.id)).toEqual([dead.id]);
    expect((await page('/v1/dead-letters?cause=partner-timeout')).items).toEqual([]);
    const { body } = await world.ask('/v1/dead-letters?groupBy=cause');
    expect(body).toMatchObject({ groups: [{ cause: 'partner-refused', count: 1, example: { commandId: dead.id, message: 'channel_not_found' } }], complete: true });
  });

  it('are sent again once, on record, and not while they are on their way', async () => {
    const again = () => world.ask(`/v1/dead-letters/${dead.id}/redrive`, { method: 'POST' });
    const first = await again();
    expect(first).toMatchObject({ status: 202, body: { commandId: dead.id, correlationId: dead.correlationId, redrive: 1, words: expect.stringContaining('for the 1st time') } });
    expect(await again()).toMatchObject({ status: 409, type: 'application/problem+json', body: { cause: 'not-redrivable' } });
    expect((await world.ask(`/v1/commands/${dead.id}`)).body).toMatchObject({ state: 'released', words: 'Sent again by an operator; no connector has taken it yet.' });
    await world.project();
    expect((await page('/v1/dead-letters')).items).toEqual([]);
    const { items } = (await world.ask(`/v1/timelines/${dead.correlationId}`)).body;
    const [record] = (await page('/v1/events?type=operator.acted&limit=1')).items;
    expect((await world.ask(`/v1/events/${record.id}`)).body.body.value).toMatchObject({
      act: 'redrive', who: { kind: 'key', name: 'ana' }, from: '127.0.0.1', subject: dead.id, changed: { from: 'dead', to: 'released', redrive: 1 }, fact: { id: first.body.eventId },
    });
    expect(items.at(-1)).toMatchObject({ eventId: first.body.eventId, words: 'ana asked for the command at slack/ops to be sent again.' });
    await world.attempt({ ...dead, redrive: 1 }, 'succeeded');
    expect((await world.ask(`/v1/commands/${dead.id}`)).body).toMatchObject({ state: 'succeeded', attempts: 2, redrives: 1 });
  });

  it('are not sent again when they succeeded', async () => {
    expect(await world.ask(`/v1/dead-letters/${command.id}/redrive`, { method: 'POST' })).toMatchObject({ status: 409, body: { cause: 'not-redrivable' } });
  });
});

describe('integrations', () => {
  it('are listed with how they do, and without a secret', async () => {
    const { body } = await world.ask('/v1/integrations');
    expect(body.items.map(({ partner, integration, configured, paused }: any) => [partner, integration, configured, paused])).toEqual([
      ['slack', 'ops', true, true], ['stripe', 'acme', true, false], ['trunkline', 'hub', false, false],
    ]);
    expect(body.items[0].words).toMatch(/^Paused: /);
    expect(body.items[1]).toMatchObject({ receivesWebhooks: true, limits: { concurrency: 4 }, status: { counts: { received: 4 } } });
    expect(JSON.stringify(body)).not.toMatch(/never|STRIPE_SECRET/);
  });
});

describe('budgets', () => {
  it('are listed for the accounts that have one, with how much is spent of the day at hand', async () => {
    const before = (await world.ask('/v1/budgets')).body;
    expect(before).toMatchObject({ items: [{ partner: 'slack', integration: 'ops', calls: 4, per: 'day', spent: 0, percent: 0 }] });
    const event = anEvent();
    await world.log.append(event);
    await world.attempt(commandOf(event), 'succeeded', {}, new Date().toISOString());
    await world.project();
    const [budget] = (await world.ask('/v1/budgets')).body.items;
    expect(budget).toMatchObject({ spent: 1, percent: 25, words: `1 of 4 calls of this day are spent (25 %); counted anew from ${budget.until}.` });
    expect(budget.since.slice(0, 10)).toBe(new Date().toISOString().slice(0, 10));
  });
});

describe('health', () => {
  it('tells of each part in words', async () => {
    const { body } = await world.ask('/v1/health');
    expect(body).toMatchObject({ status: 'degraded', words: 'Look at: relay.' });
    expect(body.parts.map((part: any) => part.name)).toEqual(['log', 'relay', 'projector (event-feed)', 'projector (deliveries)', 'projector (integration-status)', 'projector (account-calls)', 'projector (subject-events)', 'retention']);
    expect((await world.ask('/health/ready')).status).toBe(200);
  });

  it('tells of each integration that is configured, and what its connector says of it', async () => {
    const integrations = async () => (await world.ask('/v1/health')).body.integrations.map(({ partner, state }: any) => [partner, state]);
    expect(await integrations()).toEqual([['slack', 'paused'], ['stripe', 'ok']]);
    await tellAccountStates(world.db, { partner: 'stripe', process: 'test' }, [{ integration: 'acme', state: 'shut', reason: 'these variables are not set: STRIPE_API_KEY' }]);
    expect(await integrations()).toEqual([['slack', 'paused'], ['stripe', 'misconfigured']]);
    expect((await world.ask('/v1/health')).body).toMatchObject({ status: 'degraded', words: 'Look at: relay, stripe/acme (misconfigured).' });
  });
});

describe('what cannot be answered', () => {
  const id = newCorrelationId();
  it.each<[string, number, string, string?]>([
    ['/v1/events/nonsense', 400, 'validation-failed', 'id'],
    [`/v1/events/${id}`, 404, 'not-found'],
    ['/v1/events?after=1.x', 400, 'validation-failed', 'after'],
    ['/v1/events?after=99999999999999999999.1', 400, 'validation-failed', 'after'],
    ['/v1/events?limit=0', 400, 'validation-failed', 'limit'],
    ['/v1/events?limit=201', 400, 'validation-failed', 'limit'],
    ['/v1/events?limit=1.5', 400, 'validation-failed', 'limit'],
    ['/v1/events?limit=ten', 400, 'validation-failed', 'limit'],
    ['/v1/events?since=yesterday', 400, 'validation-failed', 'since'],
    ['/v1/events?since=0000-01-01T00:00:00Z', 400, 'validation-failed', 'since'],
    ['/v1/events?partner=a&partner=b', 400, 'validation-failed', 'partner'],
    ['/v1/events?partner=%00', 400, 'validation-failed', 'partner'],
    ['/v1/events?parnter=stripe', 400, 'validation-failed', 'parnter'],
    ['/v1/events?correlationId=1234', 400, 'validation-failed', 'correlationId'],
    ['/v1/timelines/1234', 400, 'validation-failed', 'correlationId'],
    [`/v1/timelines/${id}`, 404, 'not-found'],
    ['/v1/commands?state=running', 400, 'validation-failed', 'state'],
    ['/v1/commands/1', 400, 'validation-failed', 'id'],
    [`/v1/commands/${id}`, 404, 'not-found'],
    ['/v1/dead-letters?groupBy=colour', 400, 'validation-failed', 'groupBy'],
    ['/v1/nothing', 404, 'not-found'],
  ])('GET %s is a problem: %i %s', async (path, status, cause, field) => {
    const answer = await world.ask(path);
    expect(answer).toMatchObject({ status, type: 'application/problem+json', body: { status, cause } });
    if (field !== undefined) expect(answer.body.errors.map((error: any) => error.path)).toContain(field);
  });

  it.each<[string, unknown, number, string]>([
    ['nonsense', {}, 400, 'validation-failed'],
    [id, {}, 404, 'not-found'],
    [id, { by: 'somebody else' }, 400, 'validation-failed'],
    [id, '{"by":', 400, 'malformed'],
  ])('POST /v1/dead-letters/%s/redrive with %j is a problem: %i %s', async (commandId, body, status, cause) => {
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: typeof body === 'string' ? body : JSON.stringify(body) };
    expect(await world.ask(`/v1/dead-letters/${commandId}/redrive`, init)).toMatchObject({ status, type: 'application/problem+json', body: { cause } });
  });

  it('says which methods a path takes', async () => {
    const answer = await world.ask('/v1/events', { method: 'DELETE' });
    expect(answer).toMatchObject({ status: 405, body: { cause: 'method-not-allowed' } });
  });
});
