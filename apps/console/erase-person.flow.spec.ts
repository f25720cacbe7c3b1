import { expect, it } from 'vitest';
import { erasePerson } from './erase-person.flow.ts';

const words = async (scoured: boolean): Promise<string> => {
  const find = async () => ({ subject: 's', tenant: 'default', since: '2026-01-01T00:00:00Z', kinds: [] });
  const erase = async (subject: string) => ({ subject, at: '2026-01-02T00:00:00Z', identifiers: 1, scoured });
  return (await erasePerson({ find, erase })({ subject: 's' })).words;
};

it('says what is left to do for the owner when the key may still be in the table’s file, and only then', async () => {
  expect(await words(false)).toContain('vacuum (full) people.subjects, people.subject_identifiers');
  expect(await words(true)).not.toContain('vacuum');
});
