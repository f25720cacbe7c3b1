import { describe, expect, it } from 'vitest';
import { commandFromMessage, commandToMessage, eventFromMessage, eventToMessage } from './envelope.ts';
import type { Command, OpenCommand } from './command.ts';
import type { HubEvent } from './event.ts';

const event: HubEvent = {
  id: '0bdddb52-4062-5c8e-9c5f-48e57a178183',
  type: 'inbound.invoice.paid',
  partner: 'stripe',
  integration: 'acme',
  tenant: 'north',
  correlationId: '01a20604-ca2a-79a9-9485-3aae98dd29aa',
  causationId: 'b959a2e1-411a-557e-819d-c1209c5ee491',
  occurredAt: '2026-01-01T00:00:00.000Z',
  recordedAt: '2026-01-01T00:00:00.100000Z',
  schemaVersion: 1,
  contentType: 'application/xml; charset=iso-8859-1',
  data: Buffer.from([0x3c, 0xe9, 0x00, 0xff]),
  headers: { traceparent: '00-01a20604ca2a79a994853aae98dd29aa-00f067aa0ba902b7-01', 'trunkline-hops': '2', 'x-github-event': 'push' },
  at: { tx: 18_446_744_073_709_551_000n, position: 9_007_199_254_740_993n },
};

const command: Command = {
  id: 'b959a2e1-411a-557e-819d-c1209c5ee491',
  partner: 'slack',
  integration: 'ops',
  action: 'post-message',
  lane: 'high',
  tenant: 'default',
  route: 'r',
  target: 't',
  eventId: event.id,
  correlationId: event.correlationId,
  traceparent: event.headers['traceparent'],
  hops: 3,
  issuedAt: '2026-01-01T00:00:00.000Z',
  deadline: '2026-01-02T00:00:00.000Z',
  redrive: 2,
  defect: { code: 'mapping-failed', message: 'line 1\r\n"ü"' },
  input: { text: 'ü', list: [1, null] },
};

describe('the envelope', () => {
  it('carries an event byte for byte, with CloudEvents attributes in headers', () => {
    const message = eventToMessage(event);
    expect(message.headers).toMatchObject({ 'ce-specversion': '1.0', 'ce-id': event.id, 'ce-source': '/stripe/acme', 'ce-type': event.type });
    expect(eventFromMessage(message)).toEqual(event);
  });

  it('carries a command, also one with a defect', () => {
    expect(commandFromMessage(commandToMessage(command))).toEqual(command);
    expect(Object.values(commandToMessage(command).headers).join('')).not.toMatch(/[\r\n]/);
  });

  it('carries a sealed command as it is, and to whom it goes', () => {
    const { input: _none, ...facts } = command as OpenCommand;
    const sealed: Command = { ...facts, recipients: [{ kind: 'email', path: 'ü.to' }], sealed: { subjects: ['s1', 's2'], input: Buffer.from([0, 255]).toString('base64') } };
    const message = commandToMessage(sealed);
    expect([...message.body]).toEqual([0, 255]);
    expect(message.headers['trunkline-sealed']).toBe('v1;s1,s2');
    expect(commandFromMessage(message)).toEqual(sealed);
  });
});
