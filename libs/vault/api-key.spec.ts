import { expect, it } from 'vitest';
import { assertOrder, type KeyOrder } from './api-key.ts';

const now = new Date('2026-03-01T12:00:00Z');

it.each<[Partial<KeyOrder>]>([
  [{}],
  [{ scopes: ['read', 'publish'], tenant: 'north' }],
  [{ scopes: ['admin'] }],
  [{ expiresAt: '2026-03-01T12:00:01Z' }],
])('accepts %j', (more) => {
  expect(() => assertOrder({ name: 'ana', scopes: ['read'], ...more }, now)).not.toThrow();
});

it.each<[Partial<KeyOrder>, string]>([
  [{ name: '' }, 'needs a name'],
  [{ name: '   ' }, 'needs a name'],
  [{ name: 'a\nb' }, 'needs a name'],
  [{ name: 'a'.repeat(101) }, 'needs a name'],
  [{ scopes: [] }, 'needs a scope'],
  [{ scopes: ['root' as never] }, "no scope 'root'"],
  [{ tenant: 'North' }, 'lower-case'],
  [{ tenant: 'north', scopes: ['operate', 'admin'] }, 'cannot be admin'],
  [{ expiresAt: '2026-03-01T12:00:00Z' }, 'in the future'],
  [{ expiresAt: 'soon' }, 'in the future'],
])('refuses %j and says why', (more, why) => {
  expect(() => assertOrder({ name: 'ana', scopes: ['read'], ...more }, now)).toThrow(expect.objectContaining({ code: 'validation-failed', message: expect.stringContaining(why) }));
});
