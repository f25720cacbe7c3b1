import { isObject } from './json.ts';

/** Names that lead from a document into JavaScript itself: no path may hold them. */
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Splits `a.b\.c` into `['a', 'b.c']`. Throws an Error with a plain message for an empty part
 * and for `__proto__`, `constructor` and `prototype`.
 */
export const parsePath = (text: string): string[] => {
  const parts = text.split(/(?<!\\)\./).map((part) => part.replaceAll('\\.', '.'));
  for (const part of parts) {
    if (part === '') throw new Error(`'${text}' has an empty part; write names joined by single dots`);
    if (FORBIDDEN.has(part)) throw new Error(`'${part}' cannot be read in a filter; leave it out`);
  }
  return parts;
};

const INDEX = /^(0|[1-9]\d{0,8})$/;

/**
 * Whether any value at `path` passes `test`, as MongoDB reads paths: an array on the way stands for its elements
 * (or, with a number, for one of them), and an array at the end for itself and its elements. Own members only.
 */
export const anyAt = (value: unknown, path: readonly string[], at: number, test: (found: unknown) => boolean): boolean => {
  if (at === path.length) return test(value) || (Array.isArray(value) && value.some(test));
  const name = path[at]!;
  if (Array.isArray(value)) {
    if (INDEX.test(name) && Number(name) < value.length && anyAt(value[Number(name)], path, at + 1, test)) return true;
    return value.some((item) => isObject(item) && Object.hasOwn(item, name) && anyAt(item[name], path, at + 1, test));
  }
  return isObject(value) && Object.hasOwn(value, name) && anyAt(value[name], path, at + 1, test);
};

/** The first value at `path`, for telling a person what was found; undefined when there is none. */
export const firstAt = (value: unknown, path: readonly string[]): unknown => {
  let first: unknown;
  anyAt(value, path, 0, (found) => {
    first = found;
    return true;
  });
  return first;
};
