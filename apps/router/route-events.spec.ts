import { describe, expect, it } from 'vitest';
import { HubError, commandFromMessage, eventSubject, eventToMessage, type OpenCommand, type HubEvent } from '#contract';
import type { Delivered, Outgoing, Published } from '#bus';
import { routeEvents } from './route-events.flow.ts';

const event = (id: string, more: Partial<HubEvent> = {}): HubEvent => ({
  id,
  type: 'inbound.x',
  partner: 'p',
  integration: 'i',
  tenant: 'default',
  correlationId: 'c',
  occurredAt: '2026-01-01T00:00:00Z',
  recordedAt: '2026-01-01T00:00:00Z',
  schemaVersion: 1,
  contentType: 'application/json',
  data: Buffer.from('{}'),
  headers: {},
  at: { tx: 1n, position: 1n },
  ...more,
});

const delivered = (from: HubEvent): Delivered => ({ ...eventToMessage(from), subject: eventSubject(from), redelivered: false });

const command = (id: string): OpenCommand => ({
  id,
  partner: 'slack',
  integration: 'ops',
  action: 'post-message',
  lane: 'normal',
  tenant: 'default',
  route: 'r',
  target: 't',
  eventId: 'e',
  correlationId: 'c',
  hops: 1,
  issuedAt: '2026-01-01T00:00:00.000Z',
  deadline: '2026-01-01T01:00:00.000Z',
  redrive: 0,
  input: { text: 'hi' },
});

const routing = (plans: Record<string, OpenCommand[]>, full: string[] = [], erased: string[] = [], unreadable: string[] = []) => {
  const seen = { published: [] as Outgoing[], order: [] as string[], told: [] as string[] };
  const route = routeEvents({
    open: async (events) => events.map((one) => (unreadable.includes(one.id) ? new HubError('sealed-unreadable', 'no key') : erased.includes(one.id) ? undefined : { event: one, subjects: [] })),
    unreadable: (eventId) => void seen.told.push(eventId),
    seal: (one) => one,
    refreshRoutes: async () => void seen.order.push('refresh'),
    plan: async (one) => (seen.order.push(one.id), plans[one.id] ?? []),
    publish: async (messages) => {
      seen.published.push(...messages);
      return messages.map((message): Published => (full.includes(message.msgId) ? { kind: 'full' } : { kind: 'stored', seq: 1 }));
    },
    traced: (_event, _again, work) => work('00-trace-span-01'),
  });
  return { seen, route };
};

describe('routing events', () => {
  it('publishes every command of a batch at once and finishes with each event', async () => {
    const { seen, route } = routing({ a: [command('1'), command('2')], b: [] });
    expect(await route([delivered(event('a')), delivered(event('b'))])).toEqual([{ kind: 'done', why: undefined }, { kind: 'done', why: undefined }]);
    expect(seen.published.map((message) => [message.subject, message.msgId])).toEqual([
      ['cmd.slack.normal.ops.post-message', '1'],
      ['cmd.slack.normal.ops.post-message', '2'],
    ]);
    expect(commandFromMessage(seen.published[0]!)).toEqual({ ...command('1'), traceparent: '00-trace-span-01', defect: undefined });
  });

  it('brings back only the event whose queue is full', async () => {
    const { route } = routing({ a: [command('1')], b: [command('2')] }, ['1']);
    expect((await route([delivered(event('a')), delivered(event('b'))])).map((settlement) => settlement.kind)).toEqual(['retry', 'done']);
  });

  it('finishes with an event that was erased, from which nothing follows', async () => {
    const { seen, route } = routing({ a: [command('1')], b: [command('2')] }, [], ['a']);
    expect((await route([delivered(event('a')), delivered(event('b'))])).map((settlement) => settlement.kind)).toEqual(['done', 'done']);
    expect([seen.order, seen.published.map((message) => message.msgId)]).toEqual([['b'], ['2']]);
  });

  it('brings an event that cannot be opened back much later, tells of it, and routes the others', async () => {
    const { seen, route } = routing({ a: [command('1')], b: [command('2')], c: [command('3')] }, ['3'], [], ['a']);
    expect(await route([delivered(event('a')), delivered(event('b')), delivered(event('c'))])).toMatchObject([{ kind: 'retry', afterMs: 60_000, why: 'no key' }, { kind: 'done' }, { kind: 'retry', why: 'queue full' }]);
    expect([seen.told, seen.published.map((message) => message.msgId)]).toEqual([['a'], ['2', '3']]);
  });

  it('refreshes the routes before it routes what lies behind a change of the manifest', async () => {
    const { seen, route } = routing({});
    await route([delivered(event('a')), delivered(event('m', { type: 'operator.manifest-applied' })), delivered(event('b'))]);
    expect(seen.order).toEqual(['a', 'refresh', 'm', 'b']);
  });

  it('issues a redriven command again under its own id, with as much time as it had at first', async () => {
    const { seen, route } = routing({});
    const data = Buffer.from(JSON.stringify({ by: 'ada', redrive: 2, command: command('1') }));
    await route([delivered(event('o', { type: 'operator.redrive-requested', recordedAt: '2026-01-02T00:00:00Z', data }))]);
    expect(seen.published[0]!.msgId).toBe('1:2');
    expect(commandFromMessage(seen.published[0]!)).toMatchObject({ id: '1', redrive: 2, input: { text: 'hi' }, deadline: '2026-01-02T01:00:00.000Z' });
  });
});
