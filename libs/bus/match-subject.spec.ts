import { expect, it } from 'vitest';
import { matchSubject } from './match-subject.ts';

it.each([
  [['evt.a.b'], 'evt.a.b', true],
  [['evt.a.b'], 'evt.a.bc', false],
  [['evt.a.b'], 'evt.axb', false],
  [['evt.*.b'], 'evt.a.b', true],
  [['evt.*.b'], 'evt.a.a.b', false],
  [['evt.>'], 'evt.a.b.c', true],
  [['evt.>'], 'evt', false],
  [['evt.*.*.inbound.>', 'evt.*.*.sync.>'], 'evt.stripe.acme.sync.done', true],
  [['evt.*.*.inbound.>', 'evt.*.*.sync.>'], 'evt.stripe.acme.command.inbound.x', false],
])('of %s takes %s: %s', (filters, subject, taken) => {
  expect(matchSubject(filters)(subject)).toBe(taken);
});
