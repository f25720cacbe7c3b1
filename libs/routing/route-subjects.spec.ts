import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildRouteTable } from './build-route-table.ts';
import { exampleRoute } from './example-events.ts';
import { routeSubjects } from './route-subjects.ts';
import { patternsOverlap } from './subject-patterns.ts';
import { createSubjectTrie } from './subject-trie.ts';

const tableOf = (patterns: string[]) => buildRouteTable({ routes: patterns.map((on, at) => exampleRoute({ name: `r${at}`, on })) });
const subjectsOf = (patterns: string[], also?: string[], most?: number): string[] => routeSubjects(tableOf(patterns), also, most);

const token = fc.constantFrom('a', 'b');
const pattern = fc
  .tuple(fc.array(fc.oneof(token, fc.constant('*')), { minLength: 1, maxLength: 4 }), fc.boolean())
  .map(([tokens, rest]) => [...tokens, ...(rest ? ['>'] : [])].join('.'));
const subject = fc.array(token, { minLength: 1, maxLength: 6 }).map((tokens) => tokens.join('.'));

const matchesAny = (patterns: string[], text: string): boolean => patterns.some((one) => patternsOverlap(one.split('.'), text.split('.')));

describe('the subjects of a route table', () => {
  it.each<[string, string[], string[]]>([
    ['are none without routes', [], []],
    ['are told once', ['a.b.inbound.x', 'a.b.inbound.x'], ['evt.a.b.inbound.x']],
    ['leave out what a wider one takes', ['a.b.inbound.x', 'a.b.inbound.>', 'a.*.inbound.x'], ['evt.a.*.inbound.>']],
    ['stay apart where they are apart', ['a.b.inbound.x', 'c.*.command.*'], ['evt.a.b.inbound.x', 'evt.c.*.command.*']],
    ['join where they overlap', ['a.*.inbound.x', '*.b.inbound.x'], ['evt.*.*.inbound.x']],
  ])('%s', (_rule, patterns, expected) => expect(subjectsOf(patterns)).toEqual(expected));

  it('take others in', () => {
    const also = ['evt.*.*.operator.redrive-requested', 'evt.trunkline.hub.operator.manifest-applied'];
    expect(subjectsOf(['a.b.inbound.>'], also)).toEqual([...also, 'evt.a.b.inbound.>'].sort());
    expect(subjectsOf(['a.b.>'], also)).toEqual(['evt.*.*.>']);
  });

  it('are widened when there are too many', () => {
    const many = Array.from({ length: 100 }, (_, at) => `p${at % 10}.i${at}.inbound.x.y`);
    expect(subjectsOf(many, [], 100)).toHaveLength(100);
    expect(subjectsOf(many, [], 50)).toEqual(Array.from({ length: 10 }, (_, at) => `evt.p${at}.>`));
    expect(subjectsOf(many, [], 5)).toEqual(['evt.>']);
  });

  it('never overlap, and take every subject that some route takes', () => {
    fc.assert(fc.property(fc.array(pattern, { maxLength: 8 }), fc.array(subject, { maxLength: 20 }), fc.constantFrom(1, 3, 64), (patterns, texts, most) => {
      const found = subjectsOf(patterns, [], most).map((text) => text.slice('evt.'.length));
      for (const [at, one] of found.entries()) {
        for (const other of found.slice(at + 1)) expect(patternsOverlap(one.split('.'), other.split('.'))).toBe(false);
      }
      for (const text of texts) if (matchesAny(patterns, text)) expect(matchesAny(found, text)).toBe(true);
      expect(found.length).toBeLessThanOrEqual(Math.max(1, most));
    }), { numRuns: 500 });
  });
});

describe('a subject trie', () => {
  it('finds what trying each pattern finds', () => {
    fc.assert(fc.property(fc.array(pattern, { maxLength: 12 }), subject, (patterns, text) => {
      const trie = createSubjectTrie<number>();
      patterns.forEach((one, at) => trie.add(one, at));
      const expected = patterns.flatMap((one, at) => (patternsOverlap(one.split('.'), text.split('.')) ? [at] : []));
      expect(trie.find(text).sort((a, b) => a - b)).toEqual(expected);
    }), { numRuns: 1_000 });
  });
});
