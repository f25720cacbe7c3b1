import type { Erased, Person } from '#vault';
import { nobody, type PersonRef } from './find-person.flow.ts';
import type { ErasedView } from './views/person.view.ts';

type Needs = {
  find(by: PersonRef): Promise<Person | undefined>;
  erase(subject: string): Promise<Erased>;
};

const DONE = 'Erased. Replace the backup of the keys now, so that no older one brings the key back.';
const LEFT = 'Bytes of the key may be left in the table’s file until its owner runs: vacuum (full) people.subjects, people.subject_identifiers.';

/** Erases a person, for good, and puts on record who asked. Throws `not-found`. */
export const erasePerson = (needs: Needs) => async (by: PersonRef): Promise<ErasedView> => {
  const person = await needs.find(by);
  if (person === undefined) throw nobody();
  const erased = await needs.erase(person.subject);
  return { ...erased, words: erased.scoured ? DONE : `${DONE} ${LEFT}` };
};
