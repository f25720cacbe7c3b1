import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSubjectTrie } from './subject-trie.ts';

/** NATS' rule, read token by token: `*` is one token, a final `>` is one or more. */
const takes = (pattern: string[], subject: string[]): boolean => {
  if (pattern[0] === '>') return subject.length > 0;
  if (pattern.length === 0 || subject.length === 0) return pattern.length === subject.length;
  return (pattern[0] === '*' || pattern[0] === subject[0]) && takes(pattern.slice(1), subject.slice(1));
};

const token = fc.constantFrom('a', 'b', 'c');
const subject = fc.array(token, { minLength: 1, maxLength: 5 });
const pattern = fc
  .tuple(fc.array(fc.oneof(token, fc.constant('*')), { maxLength: 5 }), fc.boolean())
  .map(([tokens, rest]) => (rest || tokens.length === 0 ? [...tokens, '>'] : tokens));

describe('the index of subjects', () => {
  it('finds exactly what reading every pattern would find', () => {
    fc.assert(
      fc.property(fc.array(pattern, { maxLength: 30 }), subject, (patterns, of) => {
        const trie = createSubjectTrie<number>();
        patterns.forEach((one, at) => trie.add(one.join('.'), at));
        const expected = patterns.flatMap((one, at) => (takes(one, of) ? [at] : []));
        expect([...trie.find(of.join('.'))].sort((a, b) => a - b)).toEqual(expected);
      }),
    );
  });
});
