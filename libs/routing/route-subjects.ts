import type { RouteTable } from './build-route-table.ts';
import { joinPatterns, patternsOverlap } from './subject-patterns.ts';
import { createSubjectTrie } from './subject-trie.ts';

type Pattern = readonly string[];

const isWild = (pattern: Pattern): boolean => pattern.includes('*') || pattern.at(-1) === '>';

/** Joins wildcard patterns until no two overlap. Quadratic, so callers bound how many there are. */
const separate = (patterns: Pattern[]): Pattern[] => {
  const apart: Pattern[] = [];
  const waiting = [...patterns];
  while (waiting.length > 0) {
    const next = waiting.pop()!;
    const at = apart.findIndex((pattern) => patternsOverlap(pattern, next));
    if (at < 0) apart.push(next);
    else waiting.push(joinPatterns(apart.splice(at, 1)[0]!, next));
  }
  return apart;
};

/** Exact subjects that no wildcard pattern takes already. */
const uncovered = (exact: Pattern[], wild: Pattern[]): Pattern[] => {
  const trie = createSubjectTrie<true>();
  for (const pattern of wild) trie.add(pattern.join('.'), true);
  return exact.filter((subject) => trie.find(subject.join('.')).length === 0);
};

const distinct = (patterns: readonly Pattern[]): Pattern[] =>
  [...new Set(patterns.map((pattern) => pattern.join('.')))].sort().map((text) => text.split('.'));

const minimal = (patterns: readonly Pattern[]): Pattern[] => {
  const all = distinct(patterns);
  const wild = separate(all.filter(isWild));
  return [...wild, ...uncovered(all.filter((pattern) => !isWild(pattern)), wild)];
};

/** Keeps the first `tokens` tokens and lets the rest be anything. */
const widen = (pattern: Pattern, tokens: number): Pattern => (pattern.length <= tokens ? pattern : [...pattern.slice(0, tokens), '>']);

/**
 * The subjects in `EVENTS` that some route can match, and those in `also` (written out, `evt.…`): as few as possible,
 * none overlapping (as JetStream wants its filters), sorted. More than `most` are widened, first to a category,
 * then to an account, a partner, everything.
 */
export const routeSubjects = (table: RouteTable, also: readonly string[] = [], most = 64): string[] => {
  const others = also.map((subject) => subject.split('.').slice(1));
  let patterns = distinct(table.routes.map((route) => route.spec.on.split('.')));
  for (const tokens of [3, 2, 1, 0]) {
    if (patterns.length <= 16 * most) {
      const few = minimal([...patterns, ...others]);
      if (few.length <= most) return few.map((pattern) => `evt.${pattern.join('.')}`).sort();
    }
    patterns = distinct(patterns.map((pattern) => widen(pattern, tokens)));
  }
  return ['evt.>'];
};
