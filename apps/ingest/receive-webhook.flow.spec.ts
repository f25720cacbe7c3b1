import { createHmac } from 'node:crypto';
import { HubError, type WebhookProfile } from '#contract';
import { describe, expect, it } from 'vitest';
import type { AcceptedEvent } from './accept-event.ts';
import { receiveWebhook } from './receive-webhook.flow.ts';
import type { Integration, Receipt, ReceivedWebhook } from './webhook-stages.ts';

const NOW = Date.parse('2026-01-02T03:04:05Z');

const profile: WebhookProfile = {
  signature: { kind: 'hmac', algorithm: 'sha256', encoding: 'hex', signature: { header: 'x-sig' }, signed: '{body}' },
  handshake: { match: { path: 'type', value: 'hello' }, respond: { path: 'challenge', as: 'text' }, signed: true },
  identity: { by: 'path', path: 'id' },
  name: { parts: [{ path: 'type' }] },
  contentTypes: ['application/json', 'application/x-www-form-urlencoded', 'text/xml'],
  keepHeaders: ['x-kind'],
};
const integration: Integration = { partner: 'acme', name: 'main', tenant: 'default', paused: false, secrets: ['s'], profile, personal: [], readsBody: true };

const webhook = (body: string | Buffer, headers: Record<string, string> = {}, own: Partial<Integration> = {}): ReceivedWebhook => ({
  integration: { ...integration, ...own },
  request: {
    method: 'POST', url: 'http://hub/webhooks/acme/main', query: {}, body: Buffer.from(body),
    headers: { 'content-type': 'application/json', 'x-sig': createHmac('sha256', 's').update(body).digest('hex'), ...headers },
  },
  flow: { correlationId: '0198a000-0000-7000-8000-000000000001' },
});

/** A log in memory that knows twins by their id. */
const memoryLog = () => {
  const events: AcceptedEvent[] = [];
  const append = async (event: AcceptedEvent) => {
    const original = events.find(({ id }) => id === event.id);
    if (!original) events.push(event);
    return { first: !original, id: event.id, correlationId: original?.correlationId ?? event.correlationId };
  };
  return { events, append };
};
const noSeal = async (): Promise<AcceptedEvent> => {
  throw new Error('nobody is named here');
};
const room = (log = memoryLog()) => ({ log, receive: receiveWebhook({ now: () => NOW, seal: noSeal, append: log.append }) });
const outcomeOf = async (receipt: Promise<Receipt>) => (await receipt).outcome;

describe('receiveWebhook', () => {
  it('puts a verified webhook on record, byte for byte, named and identified', async () => {
    const { log, receive } = room();
    const body = '{ "id": "e1", "type": "invoice.paid" }';
    const receipt = await receive(webhook(body, { 'x-kind': 'k', 'x-trunkline-hops': '3', 'content-type': 'application/json; charset=utf-8' }));
    expect(receipt).toEqual({ outcome: 'accepted', eventId: log.events[0]!.id, correlationId: '0198a000-0000-7000-8000-000000000001' });
    expect(log.events).toEqual([
      {
        id: expect.stringMatching(/^[0-9a-f-]{36}$/), type: 'inbound.invoice.paid', partner: 'acme', integration: 'main', tenant: 'default',
        correlationId: '0198a000-0000-7000-8000-000000000001', occurredAt: '2026-01-02T03:04:05.000Z', schemaVersion: 1,
        contentType: 'application/json; charset=utf-8', data: Buffer.from(body), headers: { 'x-kind': 'k', 'trunkline-hops': '3' },
      },
    ]);
  });

  it('answers a second delivery as a duplicate with the correlation id of the first', async () => {
    const { log, receive } = room();
    await receive(webhook('{"id":"e1","type":"a"}'));
    const again = webhook('{"id":"e1","type":"a","retry":1}');
    again.flow = { correlationId: '0198a000-0000-7000-8000-000000000002' };
    expect(await receive(again)).toMatchObject({ outcome: 'duplicate', correlationId: '0198a000-0000-7000-8000-000000000001' });
    expect(log.events).toHaveLength(1);
  });

  it('keeps no header that the profile does not name, and no hops that are no number', async () => {
    const { log, receive } = room();
    await receive(webhook('{"id":"e1"}', { cookie: 'c', 'x-trunkline-hops': '1; drop' }));
    expect(log.events[0]!.headers).toEqual({});
  });

  it('answers a signed greeting and records nothing', async () => {
    const { log, receive } = room();
    expect(await receive(webhook('{"type":"hello","challenge":"c"}'))).toMatchObject({ outcome: 'handshake', body: 'c' });
    expect(await outcomeOf(receive(webhook('{"type":"hello","challenge":"c"}', { 'x-sig': 'no' })))).toBe('signature-refused');
    expect(log.events).toEqual([]);
  });

  it('answers an unsigned greeting only where greetings are unsigned', async () => {
    const { receive } = room();
    const unsigned = { ...profile, handshake: { ...profile.handshake!, signed: false } };
    expect(await outcomeOf(receive(webhook('{"type":"hello","challenge":"c"}', { 'x-sig': 'no' }, { profile: unsigned })))).toBe('handshake');
    expect(await outcomeOf(receive(webhook('{"type":"other","challenge":"c"}', { 'x-sig': 'no' }, { profile: unsigned })))).toBe('signature-refused');
    expect(await outcomeOf(receive(webhook('{"type":', { 'x-sig': 'no' }, { profile: unsigned })))).toBe('signature-refused');
  });

  it.each([
    ['a forged one', webhook('{"id":"e1"}', { 'x-sig': '00' }), 'signature-refused'],
    ['one without a secret to check it by', webhook('{"id":"e1"}', {}, { secrets: [''] }), 'secret-missing'],
    ['a truncated one', webhook('{"id":"e1"'), 'malformed'],
    ['an empty one', webhook(''), 'malformed'],
    ['one that is not UTF-8', webhook(Buffer.from([0x22, 0xff, 0x22])), 'malformed'],
    ['one nested 100,000 levels deep', webhook('['.repeat(100_000)), 'malformed'],
    ['one that gives a key twice', webhook('{"id":1,"id":2}'), 'malformed'],
    ['one that reaches for prototypes', webhook('{"__proto__":{}}'), 'malformed'],
    ['unsound JSON that no rule looks into', webhook('{"a":', {}, { readsBody: false }), 'malformed'],
  ])('refuses %s and records nothing', async (_, given, outcome) => {
    const { log, receive } = room();
    expect(await outcomeOf(receive(given))).toBe(outcome);
    expect(log.events).toEqual([]);
  });

  it('looks into forms, and keeps what is neither JSON nor form as it is', async () => {
    const { log, receive } = room();
    await receive(webhook('type=slash&id=7&id=8', { 'content-type': 'application/x-www-form-urlencoded' }));
    await receive(webhook('<a type="x"/>', { 'content-type': 'text/xml' }));
    expect(log.events.map((event) => event.type)).toEqual(['inbound.slash', 'inbound._']);
    expect(log.events[1]!.data.toString()).toBe('<a type="x"/>');
  });

  it('seals what names a person before it goes on record, and nothing else; where it cannot, it refuses', async () => {
    const { events, append } = memoryLog();
    const named: unknown[] = [];
    const seal = async (event: AcceptedEvent, identifiers: readonly unknown[]) => (named.push(identifiers), { ...event, data: Buffer.from('sealed') });
    const receive = receiveWebhook({ now: () => NOW, seal, append });
    const personal = [{ kind: 'email', path: 'to.mail' }];
    await receive(webhook('{"id":1,"to":[{"mail":"ada@example.com"},{"mail":"bob@example.com"}]}', {}, { personal }));
    await receive(webhook('{"id":2}', {}, { personal }));
    await receive(webhook('{"id":1,"to":[{"mail":"ada@example.com"},{"mail":"bob@example.com"}]}', {}, { personal }));
    expect(named).toEqual(Array(2).fill([{ kind: 'email', value: 'ada@example.com' }, { kind: 'email', value: 'bob@example.com' }]));
    expect(events.map(({ data }) => data.toString())).toEqual(['sealed', '{"id":2}']);
    const away = receiveWebhook({ now: () => NOW, seal: () => Promise.reject(new HubError('log-unavailable', 'x')), append });
    expect(await outcomeOf(away(webhook('{"id":3,"to":{"mail":"ada@example.com"}}', {}, { personal })))).toBe('log-unavailable');
    const unreadable = receiveWebhook({ now: () => NOW, seal: () => Promise.reject(new HubError('sealed-unreadable', 'x')), append });
    expect(await unreadable(webhook('{"id":3,"to":{"mail":"ada@example.com"}}', {}, { personal }))).toMatchObject({ outcome: 'secret-missing', retryAfterS: 60 });
    expect(events).toHaveLength(2);
  });

  it('says that the log is unavailable when the append fails, and lets a bug be a bug', async () => {
    const failing = (error: Error) => receiveWebhook({ now: () => NOW, seal: noSeal, append: () => Promise.reject(error) });
    expect(await failing(new HubError('log-unavailable', 'x'))(webhook('{"id":1}'))).toMatchObject({ outcome: 'log-unavailable', retryAfterS: 5 });
    await expect(failing(new Error('bug'))(webhook('{"id":1}'))).rejects.toThrow('bug');
  });
});
