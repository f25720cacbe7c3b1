import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FilterSpec } from '#contract';
import { compileFilter, type FilterDocument } from './compile-filter.ts';
import { naiveMatches } from './naive-filter.ts';

const NAMES = ['a', 'b', '0', 'length'];
const leaf = fc.oneof(fc.constantFrom(0, 1, 2, -1.5, 'a', 'ab', 'b', '', true, false, null), fc.string({ maxLength: 3 }));
const json = fc.letrec((tie) => ({
  value: fc.oneof({ depthSize: 'small' }, leaf, fc.array(tie('value'), { maxLength: 3 }), fc.dictionary(fc.constantFrom(...NAMES), tie('value'), { maxKeys: 3 })),
})).value;
const documents: fc.Arbitrary<FilterDocument> = fc.record({
  body: fc.oneof(json, fc.constant(undefined), fc.jsonValue()),
  headers: fc.dictionary(fc.constantFrom('a', 'x-b'), fc.constantFrom('a', 'ab')),
  type: fc.constantFrom('inbound.a', 'command.succeeded'),
});

const path = fc.array(fc.constantFrom(...NAMES), { maxLength: 3 }).map((names) => ['body', ...names].join('.'));
const operators = fc.oneof(
  fc.record({ $eq: json }),
  fc.record({ $ne: json }),
  fc.record({ $in: fc.array(json, { maxLength: 3 }) }),
  fc.record({ $nin: fc.array(json, { maxLength: 3 }) }),
  ...['$gt', '$gte', '$lt', '$lte'].map((name) => fc.constantFrom<number | string>(0, 1, 'a', 'b').map((operand) => ({ [name]: operand }))),
  fc.record({ $exists: fc.boolean() }),
  fc.record({ $prefix: fc.constantFrom('', 'a') }),
  fc.record({ $suffix: fc.constantFrom('', 'b') }),
  fc.record({ $regex: fc.constantFrom('^a', 'b$', '[ab]+', '') }),
);
const filters: fc.Arbitrary<FilterSpec> = fc.letrec<{ filter: FilterSpec }>((tie) => ({
  filter: fc.oneof(
    { depthSize: 'small' },
    fc.tuple(path, operators).map(([at, operator]) => ({ [at]: operator })),
    fc.array(tie('filter'), { minLength: 1, maxLength: 3 }).map((all) => ({ $and: all })),
    fc.array(tie('filter'), { minLength: 1, maxLength: 3 }).map((some) => ({ $or: some })),
    tie('filter').map((one) => ({ $not: one })),
  ),
})).filter;

const RUNS = { numRuns: 1_000 };
const matches = (spec: FilterSpec, document: FilterDocument): boolean => compileFilter(spec).matches(document);

describe('for every filter and every document', () => {
  it('an answer is given, and the words for it agree', () => {
    fc.assert(fc.property(filters, documents, (spec, document) => {
      const filter = compileFilter(spec);
      expect(filter.unmet(document).length === 0).toBe(filter.matches(document));
    }), RUNS);
  });

  it('the answer is that of a plain reading of the rules', () => {
    fc.assert(fc.property(filters, documents, (spec, document) => {
      expect(matches(spec, document)).toBe(naiveMatches(spec, document));
    }), RUNS);
  });

  it('$not is negation', () => {
    fc.assert(fc.property(filters, documents, (spec, document) => {
      expect(matches({ $not: spec }, document)).toBe(!matches(spec, document));
    }), RUNS);
  });

  it('$and is every, and $or is some', () => {
    fc.assert(fc.property(fc.array(filters, { minLength: 1, maxLength: 4 }), documents, (specs, document) => {
      expect(matches({ $and: specs }, document)).toBe(specs.every((spec) => matches(spec, document)));
      expect(matches({ $or: specs }, document)).toBe(specs.some((spec) => matches(spec, document)));
    }), RUNS);
  });

  it('$in is $or of $eq, and $nin is its negation', () => {
    fc.assert(fc.property(path, fc.array(json, { minLength: 1, maxLength: 4 }), documents, (at, values, document) => {
      const any = matches({ $or: values.map((value) => ({ [at]: { $eq: value } })) }, document);
      expect(matches({ [at]: { $in: values } }, document)).toBe(any);
      expect(matches({ [at]: { $nin: values } }, document)).toBe(!any);
    }), RUNS);
  });

  it('a dotted path is the same as nested names', () => {
    fc.assert(fc.property(path, operators, documents, (at, operator, document) => {
      const nested = at.split('.').reduceRight<unknown>((inner, name) => ({ [name]: inner }), operator) as FilterSpec;
      expect(matches(nested, document)).toBe(matches({ [at]: operator }, document));
    }), RUNS);
  });
});
