import { HubError, type Acting } from '#contract';
import type { Database } from '#event-log';
import { eventsOfSubject, summariseSubject } from '#read-models';
import {
  decideSuppression, erasePerson as erase, exportPerson as documentOf, findPerson as find, findSuppression, hashOf, recordExport,
  type IdentifierRef, type People, type Suppression, type SuppressionState,
} from '#vault';
import { erasePerson } from './erase-person.flow.ts';
import { exportPerson } from './export-person.flow.ts';
import { findPerson, type PersonRef } from './find-person.flow.ts';
import type { IdentifierBody, PersonBody } from './people.queries.ts';

type Sources = { db: Database; people: People };

/** A caller of one tenant speaks of that one alone. */
const tenantFor = (by: Acting, given: string | undefined): string => {
  const own = by.who.tenant;
  if (own !== undefined && given !== undefined && given !== own) throw new HubError('forbidden', `This key is good for the tenant ${own} alone.`);
  return given ?? own ?? 'default';
};

const refOf = (by: Acting, { kind = '', value = '', account, tenant }: PersonBody): IdentifierRef => ({ kind, value, account, tenant: tenantFor(by, tenant) });

/** Joins what can be asked about persons to the vault and the read models, for whoever asks. */
export const peopleFor = ({ db, people }: Sources, by: Acting) => {
  const personOf = (ref: PersonRef) => find(db, people, ref);
  const asked = (body: PersonBody): PersonRef => (body.subject === undefined ? refOf(by, body) : { subject: body.subject });
  const flows = {
    find: findPerson({
      find: personOf,
      summarise: (subject) => summariseSubject(db, subject),
      suppression: async (ref) => ('subject' in ref ? undefined : findSuppression(db, await hashOf(people, ref))),
    }),
    export: exportPerson({ find: personOf, record: (person) => recordExport(db, person, by), document: (person) => documentOf(people, person, eventsOfSubject(db, person.subject)) }),
    erase: erasePerson({ find: personOf, erase: (subject) => erase(db, subject, by) }),
  };
  return {
    findPerson: (body: PersonBody) => flows.find(asked(body)),
    exportPerson: (body: PersonBody) => flows.export(asked(body)),
    erasePerson: (body: PersonBody) => flows.erase(asked(body)),
    decideSuppression: (body: IdentifierBody, state: SuppressionState): Promise<Suppression> => decideSuppression(db, people, { ...refOf(by, body), state }, by),
  };
};
