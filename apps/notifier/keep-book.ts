import { isHubError } from '#contract';
import type { Claim, NoticeKey, NoticeLedger, OpenNotice } from '#notify';
import type { Moment } from './moment.ts';
import { rememberNotices } from './remember-notices.ts';
import { keyOf } from './watch-conditions.ts';

/** What was told, as far as this process knows. `id` is the message that is to tell it. No method throws for want of Postgres. */
export type Book = {
  /** Brings what this process knows up to the ledger, and the ledger up to what this process told without it. */
  refresh(now: Moment): Promise<void>;
  /** What is wrong, and of which people know or are being told; also what they are being told to be over. */
  open(): OpenNotice[];
  /** Whether this process is to tell it. Without the ledger it is, and once. */
  claim(notice: NoticeKey & { since: number }, id: string, now: Moment): Promise<boolean>;
  /** A channel took this message. */
  told(id: string, now: Moment): Promise<void>;
  /** No channel has taken these messages yet; this process goes on trying. */
  renew(ids: readonly string[], now: Moment): Promise<void>;
  /** Whether this process is to tell again what was last told so long ago. */
  remind(key: NoticeKey, id: string, now: Moment, afterMs: number): Promise<boolean>;
  /** Never without the ledger: another may have told it. */
  recover(key: NoticeKey, id: string, now: Moment): Promise<boolean>;
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
  const memory = rememberNotices();
  return {
    refresh: (now) => unlessAway(() => memory.exchange(ledger, now), undefined),
    open: memory.all,
    claim: async ({ condition, subject, since }, id, now) => {
      const before = memory.find(keyOf({ condition, subject }));
      const left = memory.leftBy(before, 'opened', now);
      if (before !== undefined && before.telling !== 'recovered' && left === undefined) return false;
      const by: Claim = { id, at: now.at };
      const won = await unlessAway(() => ledger.claim({ condition, subject, since }, by, left), 'away' as const);
      if (won === false || (won === 'away' && left !== undefined)) return false;
      memory.put({ condition, subject, since: left === undefined ? since : before!.since, telling: 'opened', claim: by }, won === true, now);
      return true;
    },
    told: async (id, now) => {
      const noted = await unlessAway(() => ledger.told([id], now.at), 'away' as const);
      memory.noteTold(id, noted !== 'away', now);
    },
    renew: async (ids, now) => {
      memory.own(ids);
      if (ids.length > 0) await unlessAway(() => ledger.renew(ids, now.at), undefined);
    },
    remind: async (key, id, now, afterMs) => {
      const before = memory.find(keyOf(key));
      const left = memory.leftBy(before, 'reminded', now);
      if (before?.toldAt === undefined || (left === undefined && (before.telling !== undefined || memory.lastsMs(before, now) < afterMs))) return false;
      const by: Claim = { id, at: now.at };
      const ask = (): Promise<boolean> => ledger.remind(key, by, { toldAt: before.toldAt!, left });
      const won = memory.isUnsaved(keyOf(key)) ? ('away' as const) : await unlessAway(ask, 'away' as const);
      if (won !== false) memory.put({ ...before, telling: 'reminded', claim: by }, won === true, now);
      return won !== false;
    },
    recover: async (key, id, now) => {
      const before = memory.find(keyOf(key));
      const left = memory.leftBy(before, 'recovered', now);
      if (before === undefined || memory.isUnsaved(keyOf(key)) || (before.telling === 'recovered' && left === undefined)) return false;
      const by: Claim = { id, at: now.at };
      const won = await unlessAway(() => ledger.recover(key, by, left), false);
      if (won) memory.put({ ...before, telling: 'recovered', claim: by }, true, now);
      return won;
    },
  };
};
