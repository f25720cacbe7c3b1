import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isSealed, type Command, type NewEvent, type OpenCommand } from '#contract';
import { waitFor } from '#testkit';
import { documentSchemas, type Check } from './test/document-schemas.ts';
import { anEvent, commandOf, consoleWorld, TESTER, type ConsoleWorld } from './test/console-world.ts';

let world: ConsoleWorld;
let check: Check;
beforeAll(async () => {
  world = await consoleWorld();
  check = documentSchemas((await world.ask('/openapi.json')).body);
});
afterAll(() => world.end());

const post = (path: string, body: object, key?: string) => {
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  return key === undefined ? world.ask(path, init) : world.askAs(key, path, init);
};
const mail = (value: string) => ({ kind: 'email', value });

/** A person's event on record, and a command of it that ended as a dead letter. */
const story = async (name: string): Promise<{ event: NewEvent; command: Command }> => {
  const plain = anEvent({ data: Buffer.from(JSON.stringify({ amount: 12, who: name })), headers: { 'x-who': name } });
  const event = await world.people.sealEvent(plain, [mail(`${name}@example.com`), { kind: 'customer', value: `cus_${name}` }]);
  await world.log.append(event);
  const [opened] = await world.people.openEvents([event]);
  const command = world.people.sealCommand({ ...(commandOf(event) as OpenCommand), input: { text: name } }, opened!.subjects);
  await world.attempt(command, 'dead-lettered', { failure: { class: 'client', code: 'partner-refused', message: 'no' } });
  await world.project();
  return { event, command };
};

describe('a person', () => {
  it('is found by any identifier, and everything about them is handed out as it came', async () => {
    const { event, command } = await story('grace');
    expect(isSealed(command)).toBe(true);
    const byMail = await post('/v1/people/find', mail(' Grace@Example.com '));
    expect(byMail.body).toMatchObject({ tenant: 'default', kinds: ['customer', 'email'], events: 2, others: [], words: expect.stringContaining('2 events') });
    expect(check('post', '/v1/people/find', 200, byMail.body)).toEqual([]);
    expect((await post('/v1/people/find', { kind: 'customer', value: 'cus_grace', account: 'stripe.acme' })).body.subject).toBe(byMail.body.subject);
    const all = await post('/v1/people/export', { subject: byMail.body.subject });
    expect(check('post', '/v1/people/export', 200, all.body)).toEqual([]);
    expect(all.body.person).toMatchObject({ subject: byMail.body.subject });
    expect(all.body.events).toMatchObject([
      { id: event.id, body: { amount: 12, who: 'grace' }, encoding: 'json', headers: { 'x-who': 'grace' } },
      { type: 'command.dead-lettered', body: { commandId: command.id, command: { input: { text: 'grace' } } } },
    ]);
    await world.project();
    expect((await world.ask('/v1/events?type=operator.acted')).body.items).toHaveLength(2); // a key made, an export
  });

  it('is shown in the clear to who may see events, until they are erased; what happened stays', async () => {
    const { event, command } = await story('hopper');
    const shown = async () => (await world.ask(`/v1/events/${event.id}`)).body;
    const timeline = async () => (await world.ask(`/v1/timelines/${event.correlationId}`)).body.items as any[];
    const before = await timeline();
    expect(await shown()).toMatchObject({ body: { value: { who: 'hopper' } }, headers: { 'x-who': 'hopper' }, routing: { commands: [{ route: 'tell-ops' }, { route: 'broken' }] } });
    expect(before.map(({ kind }) => kind)).toEqual(['event', 'command', 'command', 'attempt']);

    const erased = await post('/v1/people/erase', mail('hopper@example.com'));
    expect(erased).toMatchObject({ status: 200, body: { identifiers: 2, scoured: true } });
    expect(check('post', '/v1/people/erase', 200, erased.body)).toEqual([]);
    await waitFor(async () => (await shown()).erased === true, { what: 'the console to hear of it' });
    const left = await shown();
    expect(left).toMatchObject({ id: event.id, type: event.type, erased: true, routing: { commands: [] } });
    expect(left).not.toHaveProperty('body');
    expect(check('get', '/v1/events/{id}', 200, left)).toEqual([]);
    // The command that nobody ever took can no longer be told to have followed.
    const after = await timeline();
    expect(after.map(({ kind, commandId, state }) => [kind, commandId, state])).toEqual(before.filter(({ state }) => state !== 'none').map(({ kind, commandId, state }) => [kind, commandId, state]));
    expect(after[0]).toMatchObject({ erased: true, words: expect.stringContaining('was erased') });
    expect(await world.ask(`/v1/commands/${command.id}`)).toMatchObject({ status: 200, body: { state: 'dead', failure: { code: 'partner-refused' } } });
    expect(JSON.stringify([left, after])).not.toContain('hopper');

    expect((await post('/v1/people/find', mail('hopper@example.com'))).status).toBe(404);
    const { subject } = erased.body;
    expect((await post('/v1/people/find', { subject })).body).toMatchObject({ erasedAt: erased.body.at, events: 2, kinds: [] });
    expect((await post('/v1/people/export', { subject })).body.events.map((one: any) => one.erased ?? one.body.command.erased)).toEqual([true, true]);
    expect((await post('/v1/people/erase', { subject })).status).toBe(404);
  });

  it('is shown and handed out without what cannot be opened, which says why', async () => {
    const { event } = await story('lovelace');
    const damaged = { ...(await world.people.sealEvent(anEvent({ correlationId: event.correlationId }), [mail('lovelace@example.com')])), data: Buffer.alloc(64) };
    await world.log.append(damaged);
    await world.project();
    const shown = await world.ask(`/v1/events/${damaged.id}`);
    expect(shown).toMatchObject({ status: 200, body: { id: damaged.id, unreadable: expect.stringContaining('sealed with other keys'), routing: { commands: [] } } });
    expect(shown.body).not.toHaveProperty('body');
    expect(check('get', '/v1/events/{id}', 200, shown.body)).toEqual([]);
    const timeline = await world.ask(`/v1/timelines/${event.correlationId}`);
    expect(timeline.body.items.filter(({ kind }: any) => kind === 'event')).toMatchObject([{ eventId: event.id }, { eventId: damaged.id, unreadable: expect.any(String) }]);
    expect(check('get', '/v1/timelines/{correlationId}', 200, timeline.body)).toEqual([]);
    const { body } = await post('/v1/people/export', mail('lovelace@example.com'));
    expect(body.events).toMatchObject([{ body: { who: 'lovelace' } }, {}, { id: damaged.id, unreadable: expect.any(String) }]);
  });

  it.each([
    [{}], [{ kind: 'email' }], [{ kind: 'email', value: '' }], [{ kind: 'Mail', value: 'x' }], [{ kind: 'customer', value: 'cus_1' }], [{ subject: 'x' }], [{ kind: 'email', value: 'x', more: 1 }],
    [{ kind: 'phone', value: 'none' }], [{ kind: 'customer', value: 'c', account: 'stripe' }],
  ])('asked for by %j is a problem', async (body) => {
    expect(await post('/v1/people/find', body)).toMatchObject({ status: 400, body: { cause: 'validation-failed' } });
  });
});

describe('the list of those who want no messages', () => {
  it('is changed by operators, in their name and that of their tenant alone', async () => {
    const { text } = await world.keys.create({ name: 'north', scopes: ['operate'], tenant: 'north' }, TESTER);
    const said = await post('/v1/people/suppress', mail('eve@example.com'), text);
    expect(said).toMatchObject({ status: 200, body: { state: 'suppressed', source: expect.stringMatching(/^key:/) } });
    expect(check('post', '/v1/people/suppress', 200, said.body)).toEqual([]);
    expect(await post('/v1/people/suppress', { ...mail('eve@example.com'), tenant: 'default' }, text)).toMatchObject({ status: 403, body: { cause: 'forbidden' } });
    const at = (tenant: string) => world.people.suppressed([mail('Eve@example.com')], { tenant, partner: 'http', integration: 'mail' });
    expect([await at('north'), await at('default')]).toEqual(['email', undefined]);
    expect((await post('/v1/people/allow', mail('eve@example.com'), text)).body.state).toBe('allowed');
    expect(await at('north')).toBeUndefined();
  });
});
