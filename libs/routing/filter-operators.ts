import { RE2JS } from 're2js';
import { isSameJson, messageOf } from './json.ts';

/** Tests one value. */
type Test = (found: unknown) => boolean;

/** How an operator reads the values at its path: `any` of them passes, or `none` of them does. */
type Operator = { reads: 'any' | 'none'; compile(operand: unknown): Test };

const fail = (message: string): never => {
  throw new Error(message);
};

const text = (operand: unknown): string => (typeof operand === 'string' ? operand : fail('needs a text'));

const oneOf = (operand: unknown): Test => {
  const wanted = Array.isArray(operand) ? operand : fail('needs a list');
  return (found) => wanted.some((item) => isSameJson(item, found));
};

/** Numbers compare with numbers, texts with texts (by code unit, so RFC 3339 UTC times sort rightly); nothing else compares. */
const ordered = (holds: (order: number) => boolean) => (operand: unknown): Test => {
  if (typeof operand === 'number') return (found) => typeof found === 'number' && holds(found - operand);
  const wanted = typeof operand === 'string' ? operand : fail('needs a number or a text');
  return (found) => typeof found === 'string' && holds(found === wanted ? 0 : found < wanted ? -1 : 1);
};

const worded = (holds: (found: string, wanted: string) => boolean) => (operand: unknown): Test => {
  const wanted = text(operand);
  return (found) => typeof found === 'string' && holds(found, wanted);
};

const matching = (operand: unknown): Test => {
  const pattern = compilePattern(text(operand));
  return (found) => typeof found === 'string' && pattern.test(found);
};

const compilePattern = (pattern: string): RE2JS => {
  try {
    return RE2JS.compile(pattern);
  } catch (thrown) {
    return fail(`is not a pattern in RE2 syntax (no look-around, no back-references): ${messageOf(thrown)}`);
  }
};

/** Every operator that compares the values at a path. `$exists`, `$and`, `$or` and `$not` are compile-filter's own. */
export const OPERATORS: Readonly<Record<string, Operator>> = {
  $eq: { reads: 'any', compile: (operand) => (found) => isSameJson(operand, found) },
  $ne: { reads: 'none', compile: (operand) => (found) => isSameJson(operand, found) },
  $in: { reads: 'any', compile: oneOf },
  $nin: { reads: 'none', compile: oneOf },
  $gt: { reads: 'any', compile: ordered((order) => order > 0) },
  $gte: { reads: 'any', compile: ordered((order) => order >= 0) },
  $lt: { reads: 'any', compile: ordered((order) => order < 0) },
  $lte: { reads: 'any', compile: ordered((order) => order <= 0) },
  $prefix: { reads: 'any', compile: worded((found, wanted) => found.startsWith(wanted)) },
  $suffix: { reads: 'any', compile: worded((found, wanted) => found.endsWith(wanted)) },
  $regex: { reads: 'any', compile: matching },
};
