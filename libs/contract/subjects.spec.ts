import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asEventName, asToken, commandSubject, eventSubject } from './subjects.ts';

describe('subjects', () => {
  it('reads as the design says', () => {
    expect(eventSubject({ partner: 'stripe', integration: 'acme', type: 'inbound.invoice.paid' })).toBe('evt.stripe.acme.inbound.invoice.paid');
    expect(commandSubject({ partner: 'slack', lane: 'normal', integration: 'ops', action: 'post-message' })).toBe('cmd.slack.normal.ops.post-message');
  });

  it('keeps a partner’s own name where NATS can carry it', () => {
    expect(asEventName('customer.subscription.updated')).toBe('customer.subscription.updated');
    expect(asEventName('order paid/α')).toBe('order_paid__');
    expect(asEventName('..')).toBe('_');
  });

  it('makes a valid name of whatever a partner sends', () => {
    fc.assert(fc.property(fc.string({ maxLength: 3_000, unit: 'binary' }), (text) => /^[A-Za-z0-9_-]{1,64}(\.[A-Za-z0-9_-]{1,64}){0,11}$/.test(asEventName(text))));
    fc.assert(fc.property(fc.string(), (text) => /^[A-Za-z0-9_-]+$/.test(asToken(text))));
  });
});
