import { describe, expect, it } from 'vitest';
import { readIdentifiers } from './read-identifiers.ts';

const at = (path: string, prefix?: string) => [{ kind: 'id', path, ...(prefix !== undefined && { prefix }) }];
const values = (rules: Parameters<typeof readIdentifiers>[0], body: unknown) => readIdentifiers(rules, body).map(({ value }) => value);

describe('identifiers in a body', () => {
  it('are texts and numbers, each once, in the order of the rules', () => {
    const body = { user: { id: 7, mail: ' a@example.com ' }, again: 'a@example.com', yes: true, none: null, empty: '', deep: {} };
    const rules = [{ kind: 'email', path: 'user.mail' }, { kind: 'user', path: 'user.id' }, ...['again', 'yes', 'none', 'empty', 'deep', 'nothing.here'].map((path) => ({ kind: 'email', path }))];
    expect(readIdentifiers(rules, body)).toEqual([{ kind: 'email', value: 'a@example.com' }, { kind: 'user', value: '7' }]);
  });

  it('are found in every element of a list on the way, and of one at the end', () => {
    expect(values(at('commits.author'), { commits: [{ author: 'a' }, { author: ['b', 'c'] }, { other: 1 }, 'x'] })).toEqual(['a', 'b', 'c']);
    expect(values(at('a'), [{ a: 1 }, [{ a: 2 }]])).toEqual(['1', '2']);
  });

  it('begin as the rule says, where it says so', () => {
    expect(values(at('id', 'cus_'), { id: 'cus_1' })).toEqual(['1'].map((n) => `cus_${n}`));
    expect(values(at('id', 'cus_'), { id: 'in_1' })).toEqual([]);
  });

  it('are own members alone, of any body, and no more than can be found by', () => {
    for (const body of [undefined, null, 'text', 7, Object.create({ id: 'inherited' })]) expect(values(at('id'), body)).toEqual([]);
    expect(values(at('constructor.name'), {})).toEqual([]);
    expect(values(at('id'), { id: 'x'.repeat(321) })).toEqual([]);
    expect(values(at('id'), { id: Array.from({ length: 80 }, (_, index) => `p${index}`) })).toHaveLength(50);
  });
});
