import { isHubError } from '#contract';
import type { NoticeKey, NoticeLedger, OpenNotice } from '#notify';
import { keyOf } from './watch-conditions.ts';

/** What was told, as far as this process knows. No method throws for want of Postgres. */
export type Book = {
  /** Brings what this process knows up to the ledger, and the ledger up to what this process told without it. */
  refresh(now: number): Promise<void>;
  open(): OpenNotice[];
  /** Whether this process is to tell it. Without the ledger it is, and once. */
  claim(notice: OpenNotice, now: number): Promise<boolean>;
  told(keys: readonly NoticeKey[], now: number): Promise<void>;
  renew(keys: readonly NoticeKey[], now: number): Promise<void>;
  remind(key: NoticeKey, now: number, before: number): Promise<boolean>;
  /** Never without the ledger: another may have told it. */
  recover(key: NoticeKey, now: number): Promise<boolean>;
};

/** What is done without the ledger is answered by `otherwise`. */
const unlessAway = async <T, Otherwise>(work: () => Promise<T>, otherwise: Otherwise): Promise<T | Otherwise> => {
  try {
    return await work();
  } catch (error) {
    if (!isHubError(error, 'log-unavailable')) throw error;
    return otherwise;
  }
};

/** Keeps what the ledger says in memory, so that people hear also of what keeps the ledger itself away. */
export const keepBook = (ledger: NoticeLedger): Book => {
  let known = new Map<string, OpenNotice>();
  /** What this process told while the ledger was away, to be put down there before anything else is asked of it. */
  const unsaved = new Map<string, OpenNotice>();

  const save = async (now: number): Promise<void> => {
    for (const [key, notice] of unsaved) {
      await ledger.claim(notice, now);
      if (notice.toldAt !== undefined) await ledger.told([notice], notice.toldAt);
      unsaved.delete(key);
    }
  };
  const noteTold = (keys: readonly NoticeKey[], now: number, isSaved: boolean): void => {
    for (const key of keys.map(keyOf)) {
      const notice = unsaved.get(key) ?? known.get(key);
      if (notice !== undefined) (isSaved ? known : unsaved).set(key, { ...notice, toldAt: now });
    }
  };
  return {
    refresh: (now) => unlessAway(async () => {
      await save(now);
      known = new Map((await ledger.open()).map((notice) => [keyOf(notice), notice]));
    }, undefined),
    open: () => [...new Map([...known, ...unsaved]).values()],
    claim: async (notice, now) => {
      const key = keyOf(notice);
      if (unsaved.has(key) || known.get(key)?.toldAt !== undefined) return false;
      const won = await unlessAway(() => ledger.claim(notice, now), 'away' as const);
      if (won === 'away' && !known.has(key)) unsaved.set(key, notice);
      if (won === true) known.set(key, notice);
      return won === 'away' ? unsaved.has(key) : won;
    },
    told: async (keys, now) => {
      const saved = await unlessAway(() => ledger.told(keys, now), 'away' as const);
      noteTold(keys, now, saved !== 'away');
    },
    renew: async (keys, now) => {
      if (keys.length > 0) await unlessAway(() => ledger.renew(keys, now), undefined);
    },
    remind: async (key, now, before) => {
      const told = (unsaved.get(keyOf(key)) ?? known.get(keyOf(key)))?.toldAt;
      if (told === undefined || told > before) return false;
      const won = await unlessAway(() => ledger.remind(key, now, before), 'away' as const);
      if (won !== false) noteTold([key], now, won === true);
      return won !== false;
    },
    recover: async (key, now) => {
      if (unsaved.has(keyOf(key))) return false;
      const won = await unlessAway(() => ledger.recover(key, now), false);
      if (won) known.delete(keyOf(key));
      return won;
    },
  };
};
