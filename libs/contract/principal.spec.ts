import { expect, it } from 'vitest';
import { allows, SCOPES, type Scope } from './principal.ts';

it.each<[Scope, Scope[]]>([
  ['read', ['read']],
  ['operate', ['read', 'operate']],
  ['admin', ['read', 'operate', 'admin']],
  ['publish', ['publish']],
])('%s includes %j and nothing else', (held, included) => {
  expect(SCOPES.filter((scope) => allows({ scopes: [held] }, scope))).toEqual(included);
});

it('adds up scopes, and allows nothing without one', () => {
  expect(SCOPES.filter((scope) => allows({ scopes: ['publish', 'read'] }, scope))).toEqual(['read', 'publish']);
  expect(SCOPES.filter((scope) => allows({ scopes: [] }, scope))).toEqual([]);
});
