import { HubError } from '#contract';
import type { SubjectSummary } from '#read-models';
import type { IdentifierRef, Person, Suppression } from '#vault';
import type { PersonView } from './views/person.view.ts';

/** By what a person is asked for. */
export type PersonRef = IdentifierRef | { subject: string };

type Needs = {
  find(by: PersonRef): Promise<Person | undefined>;
  summarise(subject: string): Promise<SubjectSummary>;
  suppression(by: PersonRef): Promise<Suppression | undefined>;
};

const wordsFor = ({ erasedAt, kinds }: Person, { events }: SubjectSummary): string =>
  erasedAt === undefined ? `Known by ${kinds.length} identifiers; ${events} events and reports are about them.` : `Erased; the ${events} events and reports about them cannot be read any more.`;

/** Finds a person, and counts what there is about them. Throws `not-found`. */
export const findPerson = (needs: Needs) => async (by: PersonRef): Promise<PersonView> => {
  const person = await needs.find(by);
  if (person === undefined) throw nobody();
  const [summary, suppression] = [await needs.summarise(person.subject), await needs.suppression(by)];
  return { ...person, ...summary, words: wordsFor(person, summary), suppression };
};

/** What is answered when nobody is known by what was asked for. */
export const nobody = (): HubError => new HubError('not-found', 'Nobody is known by this. Check kind, account and tenant; who was erased is found by their subject alone.');
