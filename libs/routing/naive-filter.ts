import { isDeepStrictEqual } from 'node:util';
import type { FilterSpec } from '#contract';
import type { FilterDocument } from './compile-filter.ts';

/** Every value at a path, listed outright. */
const valuesAt = (value: unknown, path: string[]): unknown[] => {
  const [name, ...rest] = path;
  if (name === undefined) return Array.isArray(value) ? [value, ...value] : [value];
  if (Array.isArray(value)) {
    const byNumber = String(Number(name)) === name && Number(name) in value ? valuesAt(value[Number(name)], rest) : [];
    return [...byNumber, ...value.filter((item) => !Array.isArray(item)).flatMap((item) => valuesAt(item, path))];
  }
  const members = Object.entries(typeof value === 'object' && value !== null ? value : {});
  return members.filter(([key]) => key === name).flatMap(([, member]) => valuesAt(member, rest));
};

const plain = (value: unknown): unknown => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)));
const same = (one: unknown, other: unknown): boolean => isDeepStrictEqual(plain(one), plain(other));
const compare = (one: unknown, other: unknown): number =>
  typeof one === typeof other && (typeof one === 'string' || typeof one === 'number') ? (one < (other as typeof one) ? -1 : one === other ? 0 : 1) : Number.NaN;

const holds = (operator: string, operand: unknown, values: unknown[]): boolean => {
  switch (operator) {
    case '$eq': return values.some((value) => same(value, operand));
    case '$ne': return !values.some((value) => same(value, operand));
    case '$in': return values.some((value) => (operand as unknown[]).some((item) => same(value, item)));
    case '$nin': return !values.some((value) => (operand as unknown[]).some((item) => same(value, item)));
    case '$gt': return values.some((value) => compare(value, operand) > 0);
    case '$gte': return values.some((value) => compare(value, operand) >= 0);
    case '$lt': return values.some((value) => compare(value, operand) < 0);
    case '$lte': return values.some((value) => compare(value, operand) <= 0);
    case '$exists': return values.some((value) => value !== undefined) === operand;
    case '$prefix': return values.some((value) => typeof value === 'string' && value.startsWith(operand as string));
    case '$suffix': return values.some((value) => typeof value === 'string' && value.endsWith(operand as string));
    default: return values.some((value) => typeof value === 'string' && new RegExp(operand as string).test(value));
  }
};

/** A second, slow reading of the filter language, for specs: dotted paths to operators, `$and`, `$or`, `$not`. */
export const naiveMatches = (spec: FilterSpec, document: FilterDocument): boolean =>
  Object.entries(spec).every(([key, value]) => {
    if (key === '$and') return (value as FilterSpec[]).every((item) => naiveMatches(item, document));
    if (key === '$or') return (value as FilterSpec[]).some((item) => naiveMatches(item, document));
    if (key === '$not') return !naiveMatches(value as FilterSpec, document);
    return Object.entries(value as object).every(([operator, operand]) => holds(operator, operand, valuesAt(document, key.split('.'))));
  });
