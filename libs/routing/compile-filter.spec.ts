import { describe, expect, it } from 'vitest';
import type { FilterSpec } from '#contract';
import { compileFilter } from './compile-filter.ts';

const document = {
  body: {
    amount: 1200,
    currency: 'eur',
    note: null,
    tags: ['red', 'green'],
    lines: [{ sku: 'a', qty: 1 }, { sku: 'b', qty: 5 }],
    'dotted.name': 'here',
    customer: { email: 'ada@example.com' },
  },
  headers: { 'x-shop': 'north' },
  type: 'inbound.order.created',
};

const matches = (spec: FilterSpec, doc: { body: unknown } = document): boolean =>
  compileFilter(spec).matches({ headers: document.headers, type: document.type, ...doc });

describe('a filter', () => {
  it.each<[string, FilterSpec, boolean]>([
    ['matches everything when it is empty', {}, true],
    ['reads a literal as $eq', { 'body.currency': 'eur' }, true],
    ['tells texts from numbers', { 'body.amount': '1200' }, false],
    ['reads a list as $in', { 'body.currency': ['usd', 'eur'] }, true],
    ['reads nested names as it reads dotted ones', { body: { customer: { email: { $suffix: '@example.com' } } } }, true],
    ['mixes dotted and nested names', { body: { 'customer.email': { $prefix: 'ada' } } }, true],
    ['needs every condition to hold', { 'body.currency': 'eur', type: 'inbound.order.deleted' }, false],
    ['reads headers', { 'headers.x-shop': 'north' }, true],
    ['reads the type', { type: { $prefix: 'inbound.order.' } }, true],
    ['holds several operators of one path together', { 'body.amount': { $gt: 1000, $lte: 1200 } }, true],
    ['finds $ne false where the value is there', { 'body.currency': { $ne: 'eur' } }, false],
    ['finds $ne true where nothing is there', { 'body.missing': { $ne: 'eur' } }, true],
    ['finds $nin false where one of them is there', { 'body.tags': { $nin: ['green', 'blue'] } }, false],
    ['tells null from nothing', { 'body.missing': null }, false],
    ['matches null with null', { 'body.note': null }, true],
    ['sees null as existing', { 'body.note': { $exists: true } }, true],
    ['sees what is missing', { 'body.missing': { $exists: false } }, true],
    ['matches an array by any of its elements', { 'body.tags': 'green' }, true],
    ['matches an array as a whole', { 'body.tags': { $eq: ['red', 'green'] } }, true],
    ['goes through an array to its elements', { 'body.lines.sku': 'b' }, true],
    ['goes to one element by its number', { 'body.lines.1.sku': 'a' }, false],
    ['compares objects whatever the order of their members', { 'body.lines': { $eq: { qty: 1, sku: 'a' } } }, true],
    ['reads an escaped dot as part of a name', { 'body.dotted\\.name': 'here' }, true],
    ['compares texts in order', { 'body.currency': { $gt: 'aaa', $lt: 'zzz' } }, true],
    ['never orders a text against a number', { 'body.currency': { $gt: 0 } }, false],
    ['looks for a pattern anywhere in a text', { 'body.customer.email': { $regex: '@example\\.(com|org)$' } }, true],
    ['takes flags inside a pattern', { 'body.currency': { $regex: '(?i)^EUR$' } }, true],
    ['joins by $or', { $or: [{ 'body.currency': 'usd' }, { 'body.amount': { $gte: 1200 } }] }, true],
    ['joins by $and', { $and: [{ 'body.currency': 'eur' }, { 'body.amount': 1 }] }, false],
    ['allows $or below a name', { 'body.currency': { $or: ['usd', { $prefix: 'e' }] } }, true],
    ['turns round by $not', { $not: { 'body.currency': 'eur' } }, false],
    ['turns round by $not below a name', { 'body.currency': { $not: 'usd' } }, true],
  ])('%s', (_rule, spec, expected) => expect(matches(spec)).toBe(expected));

  it('matches nothing about a body that is not there, except its absence', () => {
    expect(matches({ 'body.amount': 1200 }, { body: undefined })).toBe(false);
    expect(matches({ body: { $exists: false } }, { body: undefined })).toBe(true);
  });

  it('reads own members only', () => {
    expect(matches({ 'body.toString': { $exists: true } })).toBe(false);
    expect(matches({ 'body.tags.length': { $exists: true } })).toBe(false);
  });

  it('takes time linear in the text for a pattern that would explode', () => {
    const text = `${'a'.repeat(200_000)}b`;
    const begun = performance.now();
    expect(matches({ 'body.text': { $regex: '^(a+)+$' } }, { body: { text } })).toBe(false);
    expect(performance.now() - begun).toBeLessThan(2_000);
  });

  it('reads a document nested 100,000 deep', () => {
    const deep = JSON.parse(`{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`);
    expect(matches({ 'body.a': { $eq: [] }, 'body.a.b.c': 1 }, { body: deep })).toBe(false);
    expect(compileFilter({ 'body.a': 1 }).unmet({ body: deep, headers: {}, type: '' })).toEqual(['body.a: {"$eq":1}, found a list of 1']);
  });

  it('tells what does not hold, and what it found', () => {
    const filter = compileFilter({ 'body.amount': { $gt: 5000 }, 'body.currency': 'eur', $or: [{ type: 'a' }, { 'body.tags': 'x' }] });
    expect(filter.unmet(document)).toEqual([
      'body.amount: {"$gt":5000}, found 1200',
      'one of (type: {"$eq":"a"}) or (body.tags: {"$eq":"x"})',
    ]);
  });

  it.each<[FilterSpec, boolean]>([
    [{ type: 'x', 'headers.body': 'y' }, false],
    [{ $or: [{ type: 'x' }, { $not: { 'body.a': 1 } }] }, true],
    [{ body: { a: 1 } }, true],
  ])('says whether it reads the body: %j', (spec, expected) => expect(compileFilter(spec).readsBody).toBe(expected));
});

describe('a filter that is wrong', () => {
  it.each<[FilterSpec, string]>([
    [{ 'body.a': { $gtx: 1 } }, "body.a.$gtx is not an operator; there are $eq $ne $in"],
    [{ amount: 1 }, "amount begins with 'amount'; a path begins with body, headers, type"],
    [{ $eq: 1 }, '$eq stands for the whole event; say where to look'],
    [{ 'body.a': { $in: 'x' } }, 'body.a.$in needs a list'],
    [{ 'body.a': { $gt: true } }, 'body.a.$gt needs a number or a text'],
    [{ 'body.a': { $exists: 'yes' } }, 'body.a.$exists needs true or false'],
    [{ 'body.a': { $regex: '(?=x)' } }, 'body.a.$regex is not a pattern in RE2 syntax'],
    [{ 'body.a': {} }, 'body.a is empty'],
    [{ $or: [] }, '$or needs a list with at least one condition'],
    [{ $or: [{ type: 'a' }, { nope: 1 }] }, "$or[1].nope begins with 'nope'"],
    [{ 'body..a': 1 }, "body..a is not a path: 'body..a' has an empty part"],
    [{ 'body.__proto__.x': 1 }, "'__proto__' cannot be read"],
    [{ body: { constructor: { name: 'Object' } } }, "'constructor' cannot be read"],
    [JSON.parse('{"body":{"__proto__":{"x":1}}}'), "'__proto__' cannot be read"],
  ])('is refused with its place: %j', (spec, message) => {
    expect(() => compileFilter(spec)).toThrow(expect.objectContaining({ code: 'manifest-invalid', message: expect.stringContaining(message) }));
  });

  it('is refused when it is nested without measure', () => {
    let spec: FilterSpec = { 'body.a': 1 };
    for (let i = 0; i < 1_000; i += 1) spec = { $not: spec };
    expect(() => compileFilter(spec)).toThrow('nested more than 32 deep');
  });
});
