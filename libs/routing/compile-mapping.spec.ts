import { describe, expect, it } from 'vitest';
import { compileMapping, type MappingDocument } from './compile-mapping.ts';

const document = (body: unknown): MappingDocument => ({
  body,
  headers: { 'x-shop': 'north' },
  type: 'inbound.invoice.paid',
  event: {
    id: 'e1', type: 'inbound.invoice.paid', partner: 'stripe', integration: 'acme', tenant: 'default', correlationId: 'c1',
    occurredAt: '2026-01-02T03:04:05.000Z', recordedAt: '2026-01-02T03:04:05.100Z',
  },
});

const map = (text: string, body: unknown = { amount: 1200, tags: ['a', 'b'], note: null }): Promise<unknown> =>
  compileMapping(text).evaluate(document(body));

describe('a mapping', () => {
  it.each<[string, string, unknown]>([
    ['builds objects', '{ "text": "Paid: " & body.amount / 100, "by": event.partner }', { text: 'Paid: 12', by: 'stripe' }],
    ['reads headers and type', '[headers.`x-shop`, type]', ['north', 'inbound.invoice.paid']],
    ['leaves out members that are not there', '{ "a": body.missing, "b": 1 }', { b: 1 }],
    ['keeps null', '{ "a": body.note }', { a: null }],
    ['gives arrays that are nothing but arrays', 'body.tags.{ "tag": $ }', [{ tag: 'a' }, { tag: 'b' }]],
    ['matches, replaces and splits by patterns', '[$contains("abc", /B/i), $replace("a1b22", /([0-9]+)/, "<$1>"), $split("a, b", /,\\s*/)]', [true, 'a<1>b<22>', 'a', 'b']],
    ['finds every match of a pattern with its groups', '$match("k1=v1;k2=v2", /(k\\d)=(v\\d)/).groups', ['k1', 'v1', 'k2', 'v2']],
  ])('%s', async (_rule, text, expected) => expect(await map(text)).toEqual(expected));

  it('gives plain JSON', async () => {
    const result = (await map('body.tags.{ "tag": $ }')) as unknown[];
    expect(Reflect.ownKeys(result)).toEqual(['0', '1', 'length']);
  });

  it.each<[string, string, string]>([
    ['goes round for ever', '($f := function($n){ $f($n + 1) }; $f(0))', 'it took more than 50000 steps'],
    ['calls itself without end', '($f := function($n){ 1 + $f($n + 1) }; $f(0))', 'Stack overflow'],
    ['asks for too long a list', '[1..10000000]', 'maximum sequence length'],
    ['multiplies lists', '$map([1..9000], function($x){ $map([1..9000], function($y){ $x * $y }) })', 'it took more than 50000 steps'],
    ['doubles a text', '($f := function($s, $n){ $n = 0 ? $s : $f($s & $s, $n - 1) }; $f("xxxxxxxx", 25))', 'it is larger than 1900000 bytes'],
    ['gives a function', 'function($x){ $x }', 'it holds a function'],
    ['gives nothing', 'body.missing', 'it gave nothing'],
    ['divides by zero', '1 / 0', 'it holds Infinity'],
    ['fails by its own words', '$error("no customer")', 'no customer'],
    ['uses a text as a number', '"a" + 1', 'must evaluate to a number'],
  ])('that %s fails as mapping-failed', async (_rule, text, message) => {
    await expect(map(text)).rejects.toMatchObject({ code: 'mapping-failed', message: expect.stringContaining(message) });
  });

  it('does not repeat in its message what the event held', async () => {
    await expect(map('$number(body)', 'ada@example.com')).rejects.toMatchObject({ message: 'The mapping failed: Unable to cast value to a number: …' });
  });

  it('is measured by its bytes as written out', async () => {
    await expect(map('body', '\u0001'.repeat(400_000))).rejects.toThrow('larger than 1900000 bytes');
    expect(await map('body', 'x'.repeat(1_800_000))).toHaveLength(1_800_000);
  });

  it('fails on a body nested too deep to be written out', async () => {
    await expect(map('body', JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`))).rejects.toThrow('nested more than 100 deep');
  });

  it('counts the steps of each evaluation by itself', async () => {
    const mapping = compileMapping('$sum($map([1..10000], function($x){ $x }))');
    const results = await Promise.all(Array.from({ length: 3 }, () => mapping.evaluate(document({}))));
    expect(results).toEqual([50005000, 50005000, 50005000]);
  });

  it('takes time linear in the text for a pattern that would explode', async () => {
    expect(await map('$contains(body, /^(a+)+$/)', `${'a'.repeat(50_000)}b`)).toBe(false);
  });

  it.each(['body.constructor', 'body.__proto__', '$lookup(body, "constructor")', 'body.toString'])('cannot reach JavaScript by %s', async (text) => {
    await expect(map(text)).rejects.toThrow('it gave nothing');
  });
});

describe('a mapping that is wrong', () => {
  it.each([
    ['{ "a": ', 'is not JSONata: '],
    ['$contains(body, /(?=x)/)', 'invalid or unsupported Perl syntax'],
    ['(', 'at character 1'],
  ])('is refused when it is compiled: %s', (text, message) => {
    expect(() => compileMapping(text)).toThrow(expect.objectContaining({ code: 'manifest-invalid', message: expect.stringContaining(message) }));
  });
});
