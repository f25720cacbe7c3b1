import type { Identifier, IdentifierRule } from '#contract';
import { asText } from './read-path.ts';

/** More than one event names persons; what comes after these is sealed with the rest, and not found by them. */
const MOST = 50;
const LONGEST = 320;

/** Every value at a path, where a list on the way or at the end stands for its elements. Sees own members only. */
const valuesAt = (value: unknown, steps: readonly string[], at: number): unknown[] => {
  if (Array.isArray(value)) return value.flatMap((item) => valuesAt(item, steps, at));
  if (at === steps.length) return [value];
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, steps[at]!)) return [];
  return valuesAt((value as Record<string, unknown>)[steps[at]!], steps, at + 1);
};

/** The identifiers of persons in a parsed body or an input, as the rules say: each once, in the order of the rules, at most 50. */
export const readIdentifiers = (rules: readonly IdentifierRule[], body: unknown): Identifier[] => {
  const found = new Map<string, Identifier>();
  for (const { kind, path, prefix = '' } of rules) {
    for (const value of valuesAt(body, path.split('.'), 0)) {
      const text = typeof value === 'boolean' ? undefined : asText(value)?.trim();
      if (text !== undefined && text !== '' && text.length <= LONGEST && text.startsWith(prefix) && found.size < MOST) found.set(`${kind} ${text}`, { kind, value: text });
    }
  }
  return [...found.values()];
};
