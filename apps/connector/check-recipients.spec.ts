import { expect, it } from 'vitest';
import type { Identifier, OpenCommand } from '#contract';
import type { Action } from '#partner-kit';
import { checkRecipients } from './check-recipients.ts';

const command = (more: Partial<OpenCommand>): OpenCommand => ({ action: 'mail', partner: 'p', integration: 'i', tenant: 'default', input: { to: 'ada@example.com', cc: ['bob@example.com'] }, ...more }) as OpenCommand;

const check = (recipients?: Action['recipients']) => {
  const asked: (readonly Identifier[])[] = [];
  const suppressed = async (all: readonly Identifier[]) => (asked.push(all), all.find(({ value }) => value === 'bob@example.com')?.kind);
  return { asked, of: checkRecipients({ action: () => ({ recipients }) as Action, suppressed }) };
};

it('asks about everybody whom the action or the target says it goes to', async () => {
  const { asked, of } = check([{ kind: 'email', path: 'to' }]);
  expect(await of(command({}))).toBeUndefined();
  expect(await of(command({ recipients: [{ kind: 'email', path: 'cc' }] }))).toContain('(by email) wants no messages');
  expect(asked.map((all) => all.map(({ value }) => value))).toEqual([['ada@example.com'], ['ada@example.com', 'bob@example.com']]);
});

it('asks nobody about a command that goes to nobody', async () => {
  const { asked, of } = check();
  expect(await of(command({}))).toBeUndefined();
  expect(await check([{ kind: 'email', path: 'nothing' }]).of(command({}))).toBeUndefined();
  expect(asked).toEqual([]);
});
