import { describe, expect, it } from 'vitest';
import { maskRecord } from './mask-record.ts';

const mask = maskRecord({ secret: ['response_url'], personal: ['nick'] });

describe('maskRecord', () => {
  it.each(['authorization', 'Authorization', 'set-cookie', 'x-api-key', 'apiKey', 'client_secret', 'secrets', 'botToken', 'refresh_token', 'x-signature', 'databaseUrl', 'pin', 'RESPONSE-URL'])('hides the value of %s as a secret', (name) => {
    expect(mask({ [name]: 'hush' })).toEqual({ [name]: '[secret]' });
  });

  it.each(['email', 'customer_email', 'phoneNumber', 'first_name', 'lastName', 'fullName', 'customerName', 'date_of_birth', 'address', 'postal_code', 'nick'])('hides the value of %s as personal', (name) => {
    expect(mask({ [name]: 'Ada' })).toEqual({ [name]: '[personal]' });
  });

  it.each(['name', 'partner', 'remoteAddress', 'hostname', 'span', 'mapping', 'eventName', 'headerNames', 'tokenised'])('shows the value of %s', (name) => {
    expect(mask({ [name]: 'plain' })).toEqual({ [name]: 'plain' });
  });

  it('looks into lists, objects and objects of classes, down to where it stops', () => {
    class Held {
      constructor(readonly password: string) {}
    }
    let deep: object = { far: 'away' };
    for (let i = 0; i < 10; i += 1) deep = { deep };
    expect(mask({ a: [{ token: 't' }, 'ada@example.com'], b: new Held('p'), c: new URL('https://u:p@x.test/?k=1') })).toEqual({
      a: [{ token: '[secret]' }, '[email]'], b: { password: '[secret]' }, c: 'https://[secret]@x.test/?[query]',
    });
    expect(JSON.stringify(mask(deep as Record<string, unknown>))).toContain('[deep]');
    expect(JSON.stringify(mask(deep as Record<string, unknown>))).not.toContain('away');
  });

  it('shows of bytes how many there are, and no number of a card', () => {
    expect(mask({ body: Buffer.from('hush'), number: 4_111_111_111_111_111, at: 1_795_399_335_254, count: 7 })).toEqual({ body: '[4 bytes]', number: '[card]', at: 1_795_399_335_254, count: 7 });
  });

  it('shows of an error its kind, code, words and place, whatever hangs on it', () => {
    const error = Object.assign(new TypeError('cannot reach ada@example.com', { cause: new Error('Bearer abc-123-def') }), { code: 'EX', config: { headers: { 'x-key': 'hush' } } });
    const shown = mask({ err: error, other: { reason: error } });
    expect(shown).toMatchObject({ err: { type: 'TypeError', code: 'EX', message: 'cannot reach [email]: Bearer [secret]', stack: expect.stringContaining('mask-record.spec') } });
    for (const word of ['hush', 'ada@', 'abc-123']) expect(JSON.stringify(shown)).not.toContain(word);
  });

  it('never changes what it is given, and gives it back when there is nothing to hide', () => {
    const [plain, secret] = [{ a: ['b', { c: 1 }] }, { a: [{ token: 't' }] }];
    expect(mask(plain)).toBe(plain);
    mask(secret);
    expect(secret).toEqual({ a: [{ token: 't' }] });
  });

  it('ends on something that refers to everything', () => {
    const all: Record<string, unknown>[] = Array.from({ length: 50 }, () => ({}));
    for (const one of all) all.forEach((other, at) => (one[`to${at}`] = other));
    expect(JSON.stringify(mask({ all })).length).toBeLessThan(1_000_000);
  });

  it('ends on a circle', () => {
    const circle: Record<string, unknown> = {};
    circle['again'] = circle;
    expect(JSON.stringify(mask(circle))).toContain('[deep]');
  });
});
