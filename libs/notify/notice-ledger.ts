import { asOutage, loadStatement, rfc3339, run, type Database, type Statement } from '#event-log';

const CLAIM = loadStatement('claim-notice', import.meta.url);
const TOLD = loadStatement('note-told', import.meta.url);
const RENEW = loadStatement('renew-claims', import.meta.url);
const REMIND = loadStatement('claim-reminder', import.meta.url);
const RECOVER = loadStatement('claim-recovery', import.meta.url);
const SAVE = loadStatement('save-notice', import.meta.url);
const OPEN = loadStatement('list-open-notices', import.meta.url);

/** What a notice is about: a condition by its name, and whom it concerns, which may be empty for the hub as a whole. */
export type NoticeKey = { condition: string; subject: string };

/** What a message says of a condition: that it holds, that it still does, that it is over. */
export type Telling = 'opened' | 'reminded' | 'recovered';

/** The message that is to tell it, by its id, and since when it is being told. */
export type Claim = { id: string; at: number };

/**
 * A condition that people were told of, or are being told of, and that was not told to be over. `telling` is what no channel has taken yet,
 * and `claim` the message that it is in. Times are in ms since the epoch.
 */
export type OpenNotice = NoticeKey & { since: number; toldAt?: number; telling?: Telling; claim?: Claim };

/**
 * Which notices were told, shared by all notifiers: of those who claim one, one gets it. It is told when a channel took it. Until then its
 * teller renews the claim; whoever sees that it does not may claim it in its place, by naming the message that is `left`. No question
 * compares times, so no clock that jumps changes an answer. Every method throws `log-unavailable`.
 */
export type NoticeLedger = {
  open(): Promise<OpenNotice[]>;
  /** Whether this caller may tell it. */
  claim(notice: NoticeKey & { since: number }, by: Claim, left?: string): Promise<boolean>;
  /** Whether this caller may tell again what was last told at `toldAt`. */
  remind(key: NoticeKey, by: Claim, seen: { toldAt: number; left?: string }): Promise<boolean>;
  /** Whether this caller may tell that it is over. */
  recover(key: NoticeKey, by: Claim, left?: string): Promise<boolean>;
  /** A channel took these messages. */
  told(ids: readonly string[], now: number): Promise<void>;
  /** No channel has taken these messages yet, and this caller goes on trying. */
  renew(ids: readonly string[], now: number): Promise<void>;
  /** Puts down what was told, or is being told, while the ledger was away. */
  save(notice: OpenNotice): Promise<void>;
};

type Row = NoticeKey & { since: string; told_at: string | null; telling: Telling | null; claim: string | null; claimed_at: string };

const instant = (ms: number): string => new Date(ms).toISOString();
const epoch = (text: string): number => Date.parse(rfc3339(text));

const noticeOf = (row: Row): OpenNotice => ({
  condition: row.condition,
  subject: row.subject,
  since: epoch(row.since),
  toldAt: row.told_at === null ? undefined : epoch(row.told_at),
  telling: row.telling ?? undefined,
  claim: row.claim === null ? undefined : { id: row.claim, at: epoch(row.claimed_at) },
});

const savedOf = ({ condition, subject, since, toldAt, telling, claim }: OpenNotice): unknown[] =>
  [condition, subject, instant(since), toldAt === undefined ? null : instant(toldAt), telling ?? null, claim?.id ?? null, instant(claim?.at ?? toldAt ?? since)];

/** The ledger in Postgres. */
export const openNoticeLedger = (db: Database): NoticeLedger => {
  const ask = async (statement: Statement, values: unknown[]): Promise<Row[]> => {
    try {
      return (await run<Row>(db.pool, statement, values)).rows;
    } catch (error) {
      throw asOutage(error);
    }
  };
  const wins = async (statement: Statement, values: unknown[]): Promise<boolean> => (await ask(statement, values)).length > 0;
  return {
    open: async () => (await ask(OPEN, [])).map(noticeOf),
    claim: ({ condition, subject, since }, { id, at }, left) => wins(CLAIM, [condition, subject, instant(since), instant(at), id, left ?? null]),
    remind: ({ condition, subject }, { id, at }, { toldAt, left }) => wins(REMIND, [condition, subject, instant(at), id, instant(toldAt), left ?? null]),
    recover: ({ condition, subject }, { id, at }, left) => wins(RECOVER, [condition, subject, instant(at), id, left ?? null]),
    told: async (ids, now) => void (await ask(TOLD, [ids, instant(now)])),
    renew: async (ids, now) => void (await ask(RENEW, [ids, instant(now)])),
    save: async (notice) => void (await ask(SAVE, savedOf(notice))),
  };
};
