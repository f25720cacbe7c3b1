import type { NoticeLedger, OpenNotice } from '#notify';
import type { Moment } from './moment.ts';
import { timeRests } from './time-rests.ts';
import { keyOf } from './watch-conditions.ts';

/** Longer than a message takes to be handed over, or given up, once. A claim that stays as it is for so long was left by a process that died. */
const CLAIM_MS = 120_000;

/** What one process knows of notices, with what it could not yet put down in the ledger. */
export type NoticeMemory = {
  all(): OpenNotice[];
  find(key: string): OpenNotice | undefined;
  /** Whether it is to be put down in the ledger before that is asked anything about it. */
  isUnsaved(key: string): boolean;
  put(notice: OpenNotice, isSaved: boolean, now: Moment): void;
  /** For how long it has stood as it does. */
  lastsMs(notice: OpenNotice, now: Moment): number;
  /** The message in which another process left it untold. */
  leftBy(notice: OpenNotice | undefined, telling: OpenNotice['telling'], now: Moment): string | undefined;
  /** These messages are still this process's to tell. */
  own(ids: readonly string[]): void;
  /** A channel took this message, which the ledger may not know. */
  noteTold(id: string, isNoted: boolean, now: Moment): void;
  /** Puts down in the ledger what it does not know, and takes over what it says. */
  exchange(ledger: NoticeLedger, now: Moment): Promise<void>;
};

type Notices = Map<string, OpenNotice>;

/** Empties a map by doing something with each entry; what fails stays. */
const putDown = async <T>(entries: Map<string, T>, write: (value: T, key: string) => Promise<void>): Promise<void> => {
  for (const [key, value] of entries) {
    await write(value, key);
    entries.delete(key);
  }
};

/** Remembers notices. */
export const rememberNotices = (): NoticeMemory => {
  let known: Notices = new Map();
  const unsaved: Notices = new Map();
  /** Messages of which it could not note that a channel took them, and when that was. */
  const unnoted = new Map<string, number>();
  const rests = timeRests();
  let mine: ReadonlySet<string> = new Set();

  const put = (notices: Notices, notice: OpenNotice, now: Moment): void => {
    notices.set(keyOf(notice), notice);
    rests.note(notice, now);
  };
  const noteTold = (notices: Notices, id: string, now: Moment): void => {
    for (const [key, notice] of notices) {
      if (notice.claim?.id !== id || notice.telling === undefined) continue;
      if (notice.telling === 'recovered') notices.delete(key);
      else put(notices, { ...notice, toldAt: now.at, telling: undefined }, now);
    }
  };
  return {
    all: () => [...new Map([...known, ...unsaved]).values()],
    find: (key) => unsaved.get(key) ?? known.get(key),
    isUnsaved: (key) => unsaved.has(key),
    put: (notice, isSaved, now) => put(isSaved ? known : unsaved, notice, now),
    lastsMs: rests.lastsMs,
    leftBy: (notice, telling, now) => {
      if (notice?.claim === undefined || notice.telling !== telling || mine.has(notice.claim.id)) return undefined;
      return rests.lastsMs(notice, now) >= CLAIM_MS ? notice.claim.id : undefined;
    },
    own: (ids) => {
      mine = new Set(ids);
    },
    noteTold: (id, isNoted, now) => {
      if (!isNoted) unnoted.set(id, now.at);
      noteTold(known, id, now);
      noteTold(unsaved, id, now);
    },
    exchange: async (ledger, now) => {
      await putDown(unsaved, (notice) => ledger.save(notice));
      await putDown(unnoted, (at, id) => ledger.told([id], at));
      known = new Map((await ledger.open()).map((notice) => [keyOf(notice), notice]));
      for (const notice of known.values()) rests.note(notice, now);
      rests.begun();
    },
  };
};
