import { asOutage, loadStatement, rfc3339, run, type Database, type Statement } from '#event-log';

const CLAIM = loadStatement('claim-notice', import.meta.url);
const TOLD = loadStatement('note-told', import.meta.url);
const RENEW = loadStatement('renew-claims', import.meta.url);
const REMIND = loadStatement('claim-reminder', import.meta.url);
const RECOVER = loadStatement('claim-recovery', import.meta.url);
const OPEN = loadStatement('list-open-notices', import.meta.url);

/** What a notice is about: a condition by its name, and whom it concerns, which may be empty for the hub as a whole. */
export type NoticeKey = { condition: string; subject: string };

/** A condition that people were told of, or are being told of, and that is not over. Times are in ms since the epoch. */
export type OpenNotice = NoticeKey & { since: number; toldAt?: number };

/** Which notices were told, shared by all notifiers: of those who claim one, one gets it. Every method throws `log-unavailable`. */
export type NoticeLedger = {
  open(): Promise<OpenNotice[]>;
  /** Whether this caller may tell it. A claim that no channel took within two minutes, and that was not renewed, is free again. */
  claim(notice: OpenNotice, now: number): Promise<boolean>;
  /** A channel took these. */
  told(keys: readonly NoticeKey[], now: number): Promise<void>;
  /** No channel has taken these yet, and this caller goes on trying. */
  renew(keys: readonly NoticeKey[], now: number): Promise<void>;
  /** Whether this caller may tell again what was last told at `before` or earlier. */
  remind(key: NoticeKey, now: number, before: number): Promise<boolean>;
  /** Whether this caller may tell that it is over. */
  recover(key: NoticeKey, now: number): Promise<boolean>;
};

/** Longer than a message takes to be handed over, or given up, once. */
const CLAIM_MS = 120_000;

type Row = NoticeKey & { since: string; told_at: string | null };

const instant = (ms: number): string => new Date(ms).toISOString();
const epoch = (text: string): number => Date.parse(rfc3339(text));

/** The ledger in Postgres. */
export const openNoticeLedger = (db: Database): NoticeLedger => {
  const ask = async (statement: Statement, values: unknown[]): Promise<Row[]> => {
    try {
      return (await run<Row>(db.pool, statement, values)).rows;
    } catch (error) {
      throw asOutage(error);
    }
  };
  const columns = (keys: readonly NoticeKey[]): [string[], string[]] => [keys.map(({ condition }) => condition), keys.map(({ subject }) => subject)];
  return {
    open: async () => (await ask(OPEN, [])).map(({ condition, subject, since, told_at: told }) => ({ condition, subject, since: epoch(since), toldAt: told === null ? undefined : epoch(told) })),
    claim: async ({ condition, subject, since }, now) => (await ask(CLAIM, [condition, subject, instant(since), instant(now), instant(now - CLAIM_MS)])).length > 0,
    told: async (keys, now) => void (await ask(TOLD, [...columns(keys), instant(now)])),
    renew: async (keys, now) => void (await ask(RENEW, [...columns(keys), instant(now)])),
    remind: async ({ condition, subject }, now, before) => (await ask(REMIND, [condition, subject, instant(now), instant(before)])).length > 0,
    recover: async ({ condition, subject }, now) => (await ask(RECOVER, [condition, subject, instant(now)])).length > 0,
  };
};
