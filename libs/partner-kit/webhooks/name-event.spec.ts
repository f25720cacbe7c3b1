import { describe, expect, it } from 'vitest';
import { nameEvent } from './name-event.ts';

describe('nameEvent', () => {
  it('joins a header and a body value', () => {
    const rule = { parts: [{ header: 'x-github-event' }, { path: 'action' }] };
    expect(nameEvent(rule, { headers: { 'x-github-event': 'issues' } }, { action: 'opened' })).toBe('issues.opened');
  });

  it('keeps the dots of a partner name', () => {
    expect(nameEvent({ parts: [{ path: 'type' }] }, { headers: {} }, { type: 'invoice.paid' })).toBe('invoice.paid');
  });

  it('leaves out parts that are missing or not text', () => {
    const rule = { parts: [{ word: 'message' }, { path: 'kind' }, { path: 'nested' }] };
    expect(nameEvent(rule, { headers: {} }, { nested: {} })).toBe('message');
  });

  it('takes the first part that is there when the rule picks one', () => {
    const rule = { parts: [{ path: 'event.type' }, { path: 'command' }, { path: 'type' }], pick: 'first' as const };
    expect(nameEvent(rule, { headers: {} }, { type: 'event_callback', event: { type: 'app_mention' } })).toBe('app_mention');
    expect(nameEvent(rule, { headers: {} }, { type: 'block_actions' })).toBe('block_actions');
  });

  it('makes subject tokens of words that NATS would read otherwise', () => {
    expect(nameEvent({ parts: [{ path: 'type' }] }, { headers: {} }, { type: 'a b.*.>' })).toBe('a_b._._');
  });
});
