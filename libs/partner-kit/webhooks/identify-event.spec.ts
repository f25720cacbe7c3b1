import type { IdentityRule } from '#contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { identifyEvent } from './identify-event.ts';

const request = (body: unknown, headers: Record<string, string> = {}) => ({ headers, body: Buffer.from(JSON.stringify(body)) });

describe('identifyEvent', () => {
  it('takes the header that the rule names', () => {
    expect(identifyEvent({ by: 'header', header: 'x-id' }, request({}, { 'x-id': 'd-1' }), {})).toBe('d-1');
  });

  it('takes the value at the path that the rule names', () => {
    const body = { data: [{ id: 7 }] };
    expect(identifyEvent({ by: 'path', path: 'data.0.id' }, request(body), body)).toBe('7');
  });

  it('falls back to the raw body when what the rule names is missing', () => {
    const rules: IdentityRule[] = [{ by: 'header', header: 'x-id' }, { by: 'path', path: 'id' }, { by: 'fields', paths: ['id', 'at'] }];
    const given = request({ other: 1 });
    for (const rule of rules) expect(identifyEvent(rule, given, { other: 1 })).toBe(given.body);
  });

  it('falls back to the raw body when the body is not JSON', () => {
    const given = { headers: {}, body: Buffer.from('<a/>') };
    expect(identifyEvent({ by: 'stable', omit: [] }, given, undefined)).toBe(given.body);
  });

  it('reaches no inherited member', () => {
    const given = request({});
    expect(identifyEvent({ by: 'path', path: 'constructor.name' }, given, {})).toBe(given.body);
  });

  it('tells fields apart that would read the same when joined', () => {
    const rule = { by: 'fields' as const, paths: ['a', 'b'] };
    expect(identifyEvent(rule, request({}), { a: 'x,y', b: 'z' })).not.toBe(identifyEvent(rule, request({}), { a: 'x', b: 'y,z' }));
  });

  it('gives stable fields one SHA-256 whatever their order and whatever the metadata says', () => {
    const rule = { by: 'stable' as const, omit: ['sent_at', 'meta.attempt'] };
    const first = { a: 1, meta: { attempt: 1, region: 'eu' }, sent_at: 'monday' };
    const again = { sent_at: 'tuesday', meta: { region: 'eu', attempt: 2 }, a: 1 };
    const other = { ...first, a: 2 };
    const identity = identifyEvent(rule, request(first), first);
    expect(identity).toMatch(/^[0-9a-f]{64}$/);
    expect(identifyEvent(rule, request(again), again)).toBe(identity);
    expect(identifyEvent(rule, request(other), other)).not.toBe(identity);
  });

  it('gives two different bodies two identities', () => {
    const rule = { by: 'stable' as const, omit: [] };
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        fc.pre(!same(a, b));
        expect(identifyEvent(rule, request(a), a)).not.toEqual(identifyEvent(rule, request(b), b));
      }),
    );
  });
});

const same = (a: unknown, b: unknown): boolean => sorted(a) === sorted(b);
const sorted = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner) ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1))) : inner,
  );
