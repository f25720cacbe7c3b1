import type { Acting } from '#contract';
import type { Database } from './database.ts';
import { recordAct } from './record-act.ts';
import { loadStatement, run, runPlanned } from './statement.ts';
import { rfc3339 } from './tables.ts';

const AGES = loadStatement('list-ages', import.meta.url);
const DESCRIBE = loadStatement('describe-segment', import.meta.url);
const NOTE_HELD = 'update segments set held_by = $2, held_since = case when $2::text is not null then coalesce(held_since, clock_timestamp()) end where id = $1';
const OLDEST = loadStatement('find-oldest', import.meta.url);

/**
 * A segment of the log as the keeper sees it, ages in ms by the database's clock. `keepMs` is the longest retention of what it holds,
 * undefined when something of it is kept for good. `closedMs` says how long ago it was closed; `heldBy` is what kept it at the last look,
 * as `<word> <detail>`, and `heldMs` for how long anything has.
 */
export type SegmentAge = { id: number; category: string; ageMs: number; keepMs?: number; closedAt?: Date; closedMs?: number; heldBy?: string; heldMs?: number; droppedAt?: Date };

type AgeRow = { id: number; category: string; closed_at: string | null; held_by: string | null; dropped_at: string | null; age_ms: number; closed_ms: number | null; held_ms: number | null; keep_ms: number | null };
type DescribeRow = { events: number; since: string; until: string; first_position: string; last_position: string };

/** What the keeper may do to the log. Each is the database owner's function, which looks at everything itself (migrations 0005 and 0009). */
export type LogKeeping = {
  /** Segments that are not yet forgotten by the ledger and the read models, oldest first. */
  ages(): Promise<SegmentAge[]>;
  /** How old the oldest event of each category is, in seconds. */
  oldest(): Promise<Map<string, number>>;
  /** Retention by the manifest in force, in ms; undefined when it says nothing. */
  retention(category: string): Promise<number | undefined>;
  /** Opens a category's next segment and closes the one before, and answers its id: that of the one before when it is empty, and stays. `busy` when the log could not be had at once. */
  open(category: string): Promise<number | 'busy'>;
  /**
   * What hinders a closed segment from going, as `<word> <detail>`; `readers` must have read it. The segment itself is read when nothing else
   * hinders it: once for what is in it, and again only while an unfinished command may be of a flow in it. Locks nothing.
   */
  hindrance(id: number, readers: readonly string[]): Promise<string | undefined>;
  /** Notes for the console what holds a segment back, or that nothing does. */
  noteHeld(id: number, heldBy: string | undefined): Promise<void>;
  /**
   * Removes a closed segment that `hindrance` found nothing against and puts it on the audit trail, both or neither. Asks again for what may
   * have changed since; answers what hinders it after all, `busy` when the log could not be had at once.
   */
  drop(segment: SegmentAge, readers: readonly string[]): Promise<string | undefined>;
  /** Takes settled commands of these dropped segments out of some pages of the ledger; answers how many pages there are. */
  sweepLedger(firstPage: number, pages: number, ids: readonly number[]): Promise<number>;
  noteSwept(ids: readonly number[]): Promise<void>;
  /** Segments whose ids have outlived them for long enough. */
  forgettable(): Promise<number[]>;
  /** Gives up their ids in some pages; answers how many pages there are. */
  forgetIds(firstPage: number, pages: number): Promise<number>;
  noteForgotten(ids: readonly number[]): Promise<void>;
  /** The database's clock, in ms since the epoch. */
  now(): Promise<number>;
};

const LOCK_NOT_AVAILABLE = '55P03';

const isBusy = (error: unknown): boolean => {
  const { code, cause } = error as { code?: string; cause?: unknown };
  return code === LOCK_NOT_AVAILABLE || (cause !== undefined && isBusy(cause));
};

const unlessBusy = async <T>(work: Promise<T>): Promise<T | 'busy'> => {
  try {
    return await work;
  } catch (error) {
    if (isBusy(error)) return 'busy';
    throw error;
  }
};

const ageOf = (row: AgeRow): SegmentAge => ({
  id: row.id,
  category: row.category,
  ageMs: row.age_ms,
  keepMs: row.keep_ms ?? undefined,
  closedAt: row.closed_at === null ? undefined : new Date(rfc3339(row.closed_at)),
  closedMs: row.closed_ms ?? undefined,
  heldBy: row.held_by ?? undefined,
  heldMs: row.held_ms ?? undefined,
  droppedAt: row.dropped_at === null ? undefined : new Date(rfc3339(row.dropped_at)),
});

/** Ends the transaction of a drop that something hinders after all. */
class HeldBack extends Error {
  constructor(readonly by: string) {
    super(`It is held back after all: ${by}`);
  }
}

const heldBackBy = (error: unknown): string | undefined => {
  if (error instanceof HeldBack) return error.by;
  const { cause } = error as { cause?: unknown };
  return cause === undefined ? undefined : heldBackBy(cause);
};

const dropAsAct = (db: Database, by: Acting, segment: SegmentAge, readers: readonly string[]): Promise<undefined> =>
  recordAct(db, 'drop-segment', by, async (client) => {
    const { rows } = await client.query<{ hindrance: string | null }>('select drop_segment($1, $2) as hindrance', [segment.id, readers]);
    const hindrance = rows[0]!.hindrance;
    if (hindrance !== null) throw new HeldBack(hindrance);
    const what = (await run<DescribeRow>(client, DESCRIBE, [segment.id])).rows[0]!;
    const changed = {
      category: segment.category, events: what.events, since: rfc3339(what.since), until: rfc3339(what.until),
      firstPosition: what.first_position, lastPosition: what.last_position, keptForMs: segment.keepMs,
    };
    return { result: undefined, subject: `segment ${segment.id}`, changed };
  });

const dropOrSay = async (db: Database, by: Acting, segment: SegmentAge, readers: readonly string[]): Promise<string | undefined> => {
  try {
    return await unlessBusy(dropAsAct(db, by, segment, readers));
  } catch (error) {
    const hindrance = heldBackBy(error);
    if (hindrance === undefined) throw error;
    return hindrance;
  }
};

/** The keeper's way to the log; `by` is who the audit trail says did it. */
export const openLogKeeping = (db: Database, by: Acting): LogKeeping => {
  const value = async <T>(text: string, values: unknown[] = []): Promise<T> => {
    const { rows } = await db.pool.query<{ value: T }>(`select ${text} as value`, values);
    return rows[0]!.value;
  };
  return {
    ages: async () => (await run<AgeRow>(db.pool, AGES, [])).rows.map(ageOf),
    oldest: async () => new Map((await runPlanned<{ category: string; age_s: number }>(db.pool, OLDEST, [])).rows.map((row) => [row.category, row.age_s])),
    retention: async (category) => (await value<number | null>('(extract(epoch from retention_of($1)) * 1000)::float8', [category])) ?? undefined,
    open: (category) => unlessBusy(value<number>('open_segment($1)', [category])),
    hindrance: async (id, readers) => (await value<string | null>('segment_hindrance($1, $2)', [id, readers])) ?? undefined,
    noteHeld: async (id, heldBy) => void (await db.pool.query(NOTE_HELD, [id, heldBy ?? null])),
    drop: (segment, readers) => dropOrSay(db, by, segment, readers),
    sweepLedger: async (firstPage, pages, ids) => Number(await value('sweep_ledger($1, $2, $3)', [firstPage, pages, ids])),
    noteSwept: (ids) => value('note_swept($1)', [ids]),
    forgettable: () => value('forgettable_segments()'),
    forgetIds: async (firstPage, pages) => Number(await value('forget_ids($1, $2)', [firstPage, pages])),
    noteForgotten: (ids) => value('note_forgotten($1)', [ids]),
    now: async () => Date.parse(rfc3339(await value<string>('clock_timestamp()'))),
  };
};
