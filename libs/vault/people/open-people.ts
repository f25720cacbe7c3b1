import { HubError, isSealed, sealedFor, type Command, type HubEvent, type Identifier, type NewEvent, type OpenCommand } from '#contract';
import { listenTo, type Database, type Listening } from '#event-log';
import type { MasterKeys } from '../master-keys.ts';
import { holdKeys, type Subject } from './held-keys.ts';
import { hashIdentifier, type HashedIdentifier, type Place } from './identifier-hash.ts';
import { PEOPLE_CHANNEL } from './people-channel.ts';
import { keepPepper } from './pepper.ts';
import { openCommand, sealCommand } from './sealed-command.ts';
import { openEvent, sealEvent } from './sealed-event.ts';
import { openedOr, openSubjectKeys } from './subject-keys.ts';
import { openSuppressionCheck, SUPPRESSIONS_CHANGED } from './suppressions.ts';

/** An event that can be read, and for whom what follows from it must be sealed; nobody when it was never sealed. */
export type Opened<E> = { event: E; subjects: Subject[] };

type Sealable = Pick<HubEvent, 'id' | 'data' | 'headers'>;

/** Every method throws `log-unavailable` while the database is away, and `sealed-unreadable` for what MASTER_KEYS cannot open. */
export type People = {
  /** Seals an event for the persons that these identifiers name; those who are new are on disk when it returns. Without a usable identifier the event stays open. */
  sealEvent(event: NewEvent, identifiers: readonly Identifier[]): Promise<NewEvent>;
  /** Each event as it can be read; undefined for one whose key was erased, `sealed-unreadable` as its answer for one that cannot be opened. The keys are looked up together. */
  openEach<E extends Sealable>(events: readonly E[]): Promise<(Opened<E> | HubError | undefined)[]>;
  /** As `openEach`, and throws for one that cannot be opened. */
  openEvents<E extends Sealable>(events: readonly E[]): Promise<(Opened<E> | undefined)[]>;
  /** A command that can be carried out; undefined when a key to its input was erased. */
  openCommand(command: Command): Promise<OpenCommand | undefined>;
  /** The kind of the first of these recipients who wants no messages; undefined when all of them do. */
  suppressed(recipients: readonly Identifier[], place: Place): Promise<string | undefined>;
  /** Hashes of identifiers, by which persons are found, each once; values that are none are left out. */
  hashesOf(identifiers: readonly Identifier[], place: Place): Promise<HashedIdentifier[]>;
  /** Seals a command's input for these subjects; leaves it open when there are none. */
  sealCommand(command: OpenCommand, subjects: readonly Subject[]): Command;
  close(): Promise<void>;
};

const subjectsOf = (ids: readonly string[], keys: ReadonlyMap<string, Buffer | HubError>): Subject[] | HubError | undefined => {
  const subjects = ids.map((id) => ({ id, key: keys.get(id) }));
  if (subjects.some(({ key }) => key === undefined)) return undefined;
  const why = subjects.map(({ key }) => key).find((key) => key instanceof HubError);
  return why ?? (subjects as Subject[]);
};

const keysIn = (subjects: readonly Subject[]): Buffer[] => subjects.map(({ key }) => key);

/** Persons and their keys. Nothing is asked of the database, and nobody listens for erasures, until there is something to seal or to open. */
export const openPeople = (db: Database, masterKeys: MasterKeys, nowMs: () => number = () => performance.now()): People => {
  const held = holdKeys(nowMs);
  const keys = openSubjectKeys({ db, masterKeys, held });
  const pepper = keepPepper(db, masterKeys);
  const suppressions = openSuppressionCheck(db, nowMs);
  let listening: Listening | undefined;

  const missed = (): void => {
    held.forgetAll();
    suppressions.changed();
  };
  const heard = (what: string): void => (what === SUPPRESSIONS_CHANGED ? suppressions.changed() : held.forget(what));
  const listen = (): void => void (listening ??= listenTo(db, PEOPLE_CHANNEL, { heard, missed }));
  const hashesOf = async (identifiers: readonly Identifier[], place: Place): Promise<HashedIdentifier[]> => {
    const key = await pepper();
    const hashed = identifiers.flatMap((one) => hashIdentifier(key, one, place) ?? []);
    return [...new Map(hashed.map((one) => [one.hash.toString('latin1'), one])).values()];
  };
  const openEach: People['openEach'] = async (events) => {
    const wanted = events.map(({ headers }) => sealedFor(headers));
    const ids = wanted.flatMap((subjects) => subjects ?? []);
    if (ids.length === 0) return events.map((event) => ({ event, subjects: [] }));
    listen();
    const found = await keys.keysOf(ids);
    return events.map((event, at) => {
      const subjects = subjectsOf(wanted[at] ?? [], found);
      if (subjects === undefined || subjects instanceof HubError) return subjects;
      return subjects.length === 0 ? { event, subjects } : openedOr(() => ({ event: openEvent(event, keysIn(subjects)), subjects }));
    });
  };
  return {
    hashesOf,
    openEach,
    suppressed: async (recipients, place) => {
      listen();
      const hashed = await hashesOf(recipients, place);
      return hashed.length === 0 ? undefined : suppressions.suppressed(hashed);
    },
    sealEvent: async (event, identifiers) => {
      listen();
      const hashed = await hashesOf(identifiers, event);
      return hashed.length === 0 ? event : sealEvent(event, await keys.named({ tenant: event.tenant, identifiers: hashed }));
    },
    openEvents: async (events) =>
      (await openEach(events)).map((one) => {
        if (one instanceof HubError) throw one;
        return one;
      }),
    openCommand: async (command) => {
      if (!isSealed(command)) return command;
      listen();
      const subjects = subjectsOf(command.sealed.subjects, await keys.keysOf(command.sealed.subjects));
      if (subjects instanceof HubError) throw subjects;
      return subjects && openCommand(command, keysIn(subjects));
    },
    sealCommand: (command, subjects) => (subjects.length === 0 ? command : sealCommand(command, subjects)),
    close: async () => listening?.stop(),
  };
};
