import { HubError, WIDE_KINDS } from '#contract';
import { asOutage, loadStatement, rfc3339, run, type Database } from '#event-log';
import type { HashedIdentifier, Place } from './identifier-hash.ts';
import type { People } from './open-people.ts';

const FIND = loadStatement('find-person', import.meta.url);

/** By what a person is looked for: an identifier of theirs, with the account (`stripe.acme`) that gave it where it is no `email` or `phone`. */
export type IdentifierRef = { kind: string; value: string; account?: string; tenant: string };

/** A person, as far as the hub knows one: instants are RFC 3339 UTC, `kinds` names the kind of each identifier. */
export type Person = { subject: string; tenant: string; since: string; erasedAt?: string; kinds: string[] };

const placeOf = ({ kind, account = '', tenant }: IdentifierRef): Place => {
  const [partner = '', integration = ''] = account.split('.');
  if (!WIDE_KINDS.includes(kind) && (partner === '' || integration === '')) {
    throw new HubError('validation-failed', `'${kind}' counts within one account: name it too, as <partner>.<integration>.`);
  }
  return { tenant, partner, integration };
};

/** The hash of an identifier. Throws `validation-failed` where it says nothing, or not enough. */
export const hashOf = async (people: Pick<People, 'hashesOf'>, ref: IdentifierRef): Promise<HashedIdentifier> => {
  const [hashed] = await people.hashesOf([ref], placeOf(ref));
  if (hashed === undefined) throw new HubError('validation-failed', `There is no ${ref.kind} in what was given.`);
  return hashed;
};

type Row = { id: string; tenant: string; created_at: string; erased_at: string | null; kinds: string[] };

/** A person by an identifier, or by subject, erased or not; undefined when nobody is known so. Throws `validation-failed` and `log-unavailable`. */
export const findPerson = async (db: Database, people: Pick<People, 'hashesOf'>, by: IdentifierRef | { subject: string }): Promise<Person | undefined> => {
  const values = 'subject' in by ? [null, by.subject] : [(await hashOf(people, by)).hash, null];
  try {
    const [row] = (await run<Row>(db.pool, FIND, values)).rows;
    return row && { subject: row.id, tenant: row.tenant, since: rfc3339(row.created_at), erasedAt: row.erased_at === null ? undefined : rfc3339(row.erased_at), kinds: row.kinds };
  } catch (error) {
    throw asOutage(error);
  }
};
