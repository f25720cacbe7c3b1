import { asOutage, loadStatement, microBatch, run, byteaArray, isAboutContent, type Database } from '#event-log';
import { HubError, isHubError } from '#contract';
import type { MasterKeys } from '../master-keys.ts';
import type { HeldKeys, Subject } from './held-keys.ts';
import type { HashedIdentifier } from './identifier-hash.ts';
import { subjectContext } from './subject-context.ts';
import { planSubjects, type Naming, type Newcomers } from './plan-subjects.ts';

const FIND = loadStatement('find-subjects', import.meta.url);
const KEYS = loadStatement('find-subject-keys', import.meta.url);
const ATTACH = loadStatement('attach-identifiers', import.meta.url);

export type SubjectKeys = {
  /** The persons whom these identifiers name, in the order of their ids. Whoever is new is on disk when it returns. Throws `log-unavailable`, and `sealed-unreadable` for one whose key cannot be opened. */
  named(naming: Naming): Promise<Subject[]>;
  /** The keys of these subjects, or why one cannot be opened; those that were erased are left out. Throws `log-unavailable`. */
  keysOf(subjects: readonly string[]): Promise<ReadonlyMap<string, Buffer | HubError>>;
};

type Needs = { db: Database; masterKeys: MasterKeys; held: HeldKeys };

/** Others may name the same persons at the same moment, or erase one: then it is looked up again. */
const ROUNDS = 5;

/** What was opened, or why it cannot be: one that cannot is no reason to keep the others waiting. */
export const openedOr = <T>(open: () => T): T | HubError => {
  try {
    return open();
  } catch (error) {
    if (isHubError(error, 'sealed-unreadable')) return error;
    throw error;
  }
};

type Found = { found: Map<string, Subject>; unreadable: Map<string, HubError> };

const find = async ({ db, masterKeys, held }: Needs, hashes: readonly Buffer[]): Promise<Found> => {
  const { rows } = await run<{ hash: Buffer; id: string; key: Buffer }>(db.pool, FIND, [byteaArray(hashes)]);
  const [found, unreadable] = [new Map<string, Subject>(), new Map<string, HubError>()];
  for (const { hash, id, key: sealed } of rows) {
    const key = held.of(id) ?? openedOr(() => masterKeys.open(sealed, subjectContext(id)));
    if (key instanceof HubError) {
      unreadable.set(hash.toString('latin1'), key);
      continue;
    }
    held.keep({ id, key }, hash);
    found.set(hash.toString('latin1'), { id, key });
  }
  return { found, unreadable };
};

type Attached = { hash: Buffer; subject: string };

/** Commits with the disk: an event that is sealed with a key must never be there without it. Answers those identifiers that nobody else took first. */
const attach = async ({ db, masterKeys }: Needs, { subjects, identifiers }: Newcomers): Promise<Attached[]> => {
  const fresh = new Set(subjects.map(({ id }) => id));
  const known = [...new Set(identifiers.map(({ subject }) => subject))].filter((id) => !fresh.has(id));
  const sorted = identifiers.toSorted((a, b) => Buffer.compare(a.hash, b.hash));
  const { rows } = await run<Attached>(db.pool, ATTACH, [
    subjects.map(({ id }) => id), subjects.map(({ tenant }) => tenant), byteaArray(subjects.map(({ id, key }) => masterKeys.seal(key, subjectContext(id)))), known,
    byteaArray(sorted.map(({ hash }) => hash)), sorted.map(({ subject }) => subject), sorted.map(({ kind }) => kind),
  ]);
  return rows;
};

const distinct = (subjects: Iterable<Subject>): Subject[] => [...new Map([...subjects].map((one) => [one.id, one])).values()].sort((a, b) => (a.id < b.id ? -1 : 1));

/** Adds to `found` whoever was not there and could be made. */
const makeMissing = async (needs: Needs, namings: Naming[], found: Map<string, Subject>): Promise<void> => {
  const plan = planSubjects(namings, ({ hash }) => found.get(hash.toString('latin1'))?.id);
  const known = new Map<string, Subject>([...plan.subjects, ...found.values()].map(({ id, key }) => [id, { id, key }]));
  for (const { hash, subject } of await attach(needs, plan)) {
    const one = known.get(subject)!;
    needs.held.keep(one, hash);
    found.set(hash.toString('latin1'), one);
  }
};

const nameAll = async (needs: Needs, namings: Naming[]): Promise<(Subject[] | HubError)[]> => {
  const hashes = [...new Map(namings.flatMap(({ identifiers }) => identifiers).map(({ hash }) => [hash.toString('latin1'), hash])).values()];
  for (let round = 0; round < ROUNDS; round += 1) {
    const { found, unreadable } = await find(needs, hashes);
    const subjectOf = ({ hash }: HashedIdentifier): Subject | undefined => found.get(hash.toString('latin1'));
    const whyNot = ({ identifiers }: Naming): HubError | undefined => identifiers.map(({ hash }) => unreadable.get(hash.toString('latin1'))).find((why) => why !== undefined);
    const readable = namings.filter((one) => whyNot(one) === undefined);
    const complete = (): boolean => readable.every(({ identifiers }) => identifiers.every(subjectOf));
    if (!complete()) await makeMissing(needs, readable, found);
    if (complete()) return namings.map((one) => whyNot(one) ?? distinct(one.identifiers.map((identifier) => subjectOf(identifier)!)));
  }
  throw new HubError('log-unavailable', 'Persons are being erased and named again at once. Try again shortly.');
};

const atHand = (held: HeldKeys, { identifiers }: Naming): Subject[] | undefined => {
  const subjects = identifiers.map(({ hash }) => held.named(hash));
  return subjects.some((one) => one === undefined) ? undefined : distinct(subjects as Subject[]);
};

const keysOf = async ({ db, masterKeys, held }: Needs, ids: readonly string[]): Promise<Map<string, Buffer | HubError>> => {
  const keys = new Map<string, Buffer | HubError>();
  const missing: string[] = [];
  for (const id of new Set(ids)) {
    const key = held.of(id);
    if (key === undefined) missing.push(id);
    else keys.set(id, key);
  }
  if (missing.length === 0) return keys;
  const { rows } = await run<{ id: string; key: Buffer }>(db.pool, KEYS, [missing]);
  for (const { id, key: sealed } of rows) {
    const key = openedOr(() => masterKeys.open(sealed, subjectContext(id)));
    if (!(key instanceof HubError)) held.keep({ id, key });
    keys.set(id, key);
  }
  return keys;
};

/** The keys of persons, from memory where they are at hand, else from the database: one statement for all that is asked for at once. */
export const openSubjectKeys = (needs: Needs): SubjectKeys => {
  const guarded = async <T>(work: Promise<T>): Promise<T> =>
    work.catch((error) => {
      // A server that came back may have forgotten what it had not confirmed.
      needs.held.forgetAll();
      throw asOutage(error);
    });
  const limits = {
    maxItems: 250,
    maxWaiting: 10_000,
    whenFull: () => new HubError('log-unavailable', 'More persons are asked for than the vault can look up. Try again shortly.'),
    isAboutContent,
  };
  const name = microBatch<Naming, Subject[] | HubError>({ ...limits, flush: (namings) => guarded(nameAll(needs, namings)) });
  const lookUp = microBatch<readonly string[], ReadonlyMap<string, Buffer | HubError>>({
    ...limits,
    flush: async (asked) => {
      const keys = await guarded(keysOf(needs, asked.flat()));
      return asked.map(() => keys);
    },
  });
  return {
    named: async (naming) => {
      const subjects = atHand(needs.held, naming) ?? (await name(naming));
      if (subjects instanceof HubError) throw subjects;
      return subjects;
    },
    keysOf: lookUp,
  };
};
