import { expect, it } from 'vitest';
import type { HubEvent, OpenCommand } from '#contract';
import { PartnerFailure } from '#partner-kit';
import type { Attempt } from './attempt.ts';
import { hidePersons } from './hide-persons.ts';
import type { Prepared } from './prepare-command.ts';

const event = { data: Buffer.from('{"customer":{"name":"Ada Lovelace","mail":"ada@example.com"}}'), headers: { 'x-town': 'London' } } as unknown as HubEvent;
const prepared = (sealed: boolean): Prepared => ({ kind: 'ready', sealed, command: { id: 'c', input: { url: '/people/cus_77' } } as unknown as OpenCommand });
const hide = hidePersons({ eventBehind: async () => event });
const failed = (message: string): Attempt => ({ kind: 'failed', failure: new PartnerFailure('client', 'partner-refused', message, { status: 422 }) });
const messageOf = (attempt: Attempt) => (attempt.kind === 'failed' ? attempt.failure.message : attempt.kind === 'performed' ? attempt.performed.reference : 'message' in attempt ? attempt.message : undefined);

it('takes the words of the input and of its event out of what a partner says, and leaves the rest', async () => {
  const said = 'PATCH crm answered 422: NOT_ALLOWED: Lovelace, ada (cus_77, from LONDON; ada%40example.com) was blocked by grace@example.org';
  expect(messageOf(await hide(failed(said), prepared(true)))).toBe('PATCH crm answered 422: NOT_ALLOWED: [personal], [personal] ([personal], from [personal]; [personal]%[personal]) was blocked by [personal]');
  expect(await hide(failed(said), prepared(true))).toMatchObject({ failure: { failureClass: 'client', code: 'partner-refused', details: { status: 422 } } });
  expect(messageOf(await hide({ kind: 'unknown', message: 'Ada? Nobody knows.', called: true }, prepared(true)))).toBe('[personal]? Nobody knows.');
  expect(messageOf(await hide({ kind: 'performed', performed: { status: 201, reference: 'http://crm/people/Lovelace' } }, prepared(true)))).not.toContain('Lovelace');
});

it('leaves a partner’s own id, and everything about nobody, as it is', async () => {
  const asked: string[] = [];
  const counting = hidePersons({ eventBehind: async (id) => (asked.push(id), event) });
  expect(messageOf(await counting({ kind: 'performed', performed: { status: 200, reference: 'rec0001' } }, prepared(true)))).toBe('rec0001');
  const open = failed('Ada Lovelace');
  expect(await counting(open, prepared(false))).toBe(open);
  expect(asked).toEqual([]);
});

it('leaves everything out while the event cannot be had', async () => {
  const away = hidePersons({ eventBehind: () => Promise.reject(new Error('away')) });
  expect(messageOf(await away(failed('Ada Lovelace'), prepared(true)))).toContain('is left out');
});
