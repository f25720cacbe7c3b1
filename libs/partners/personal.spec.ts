import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readIdentifiers } from '#partner-kit';
import { partners } from './registry.ts';

const fixture = (path: string): string => readFileSync(new URL(`./${path}`, import.meta.url), 'utf8');
const named = (partner: string, body: unknown): string[] => readIdentifiers(partners[partner]!.personal!, body).map(({ kind, value }) => `${kind} ${value}`);

it('finds the persons in what each partner really sends', () => {
  expect(named('stripe', JSON.parse(fixture('stripe/fixtures/invoice.paid.json')))).toEqual(['customer cus_Trunkline0001', 'email ada@example.com']);
  expect(named('github', JSON.parse(fixture('github/fixtures/issues.opened.json')))).toEqual(['user 7']);
  expect(named('slack', JSON.parse(fixture('slack/fixtures/message.json')))).toEqual(['user U0ADA00001']);
  expect(named('slack', Object.fromEntries(new URLSearchParams(fixture('slack/fixtures/slash-command.form'))))).toEqual(['user U0ADA00001']);
});

it('tells a customer of Stripe from other objects by the beginning of the id', () => {
  expect(named('stripe', { data: { object: { id: 'cus_1', object: 'customer', email: 'ada@example.com', phone: '+49 30 1' } } })).toEqual(['customer cus_1', 'email ada@example.com', 'phone +49 30 1']);
  expect(named('stripe', { data: { object: { id: 'prod_1', object: 'product' } } })).toEqual([]);
});
