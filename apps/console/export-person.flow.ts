import type { Person } from '#vault';
import { nobody, type PersonRef } from './find-person.flow.ts';

type Needs = {
  find(by: PersonRef): Promise<Person | undefined>;
  /** On the audit trail before anything is handed out. */
  record(person: Person): Promise<void>;
  /** The document, piece by piece. */
  document(person: Person): AsyncIterable<string>;
};

/** Hands out everything about a person, and puts on record who asked. Throws `not-found`. */
export const exportPerson = (needs: Needs) => async (by: PersonRef): Promise<AsyncIterable<string>> => {
  const person = await needs.find(by);
  if (person === undefined) throw nobody();
  await needs.record(person);
  return needs.document(person);
};
