import { PERISHABLE } from '#contract';
import type { LogKeeping, SegmentAge } from '#event-log';
import { type Looks } from './rest-between-looks.ts';
import { segmentSpanMs } from './segment-span.ts';
import { sweepPages, type Sweep } from './sweep-pages.ts';

/** The oldest command of a queue that is not settled. */
export type Waiting = { queue: string; at: Date };

/** A segment that is old enough to go, and why it stays: `<word> <detail>`. */
export type Held = { segment: SegmentAge; by: string };

type Needs = {
  log: LogKeeping;
  /** Who must have read a segment before it goes. */
  readers: readonly string[];
  /** What waits on the bus; asked once a round, and only when something is old enough to go. */
  waiting(): Promise<Waiting[]>;
  /** Whether the database's clock may be believed. */
  isClockTrusted(): Promise<boolean>;
  /** Which segments are looked at again. */
  looks: Looks;
  /** What else forgets events that were dropped: one sweep per table of the read models. */
  sweeps: readonly Sweep[];
  dropped(segment: SegmentAge): void;
  /** Told of all that are held back, at the end of each round. */
  held(all: readonly Held[]): void;
  stop: AbortSignal;
};

/** How many segments a look opened, closed and dropped, and how many the ledger has forgotten, and of how many the ids are given up. */
export type Retired = { opened: number; closed: number; dropped: number; swept: number; forgotten: number };

type Look = Needs & { did: Retired };

/** Words of `hindrance` and `drop` that say no more than that it is not time yet, or that the next look says more. */
const NOT_DUE = ['open', 'young', 'kept', 'gone', 'unread'];

const openNext = async ({ log, did }: Look, category: string, its: SegmentAge | undefined): Promise<void> => {
  const id = await log.open(category);
  if (id === 'busy' || id === its?.id) return;
  did.opened += 1;
  if (its !== undefined) did.closed += 1;
};

const openDue = async (look: Look, segments: readonly SegmentAge[]): Promise<void> => {
  const open = new Map(segments.filter(({ closedAt }) => closedAt === undefined).map((segment) => [segment.category, segment]));
  for (const category of PERISHABLE) {
    const its = open.get(category);
    if (its === undefined && (await look.log.retention(category)) !== undefined) await openNext(look, category, undefined);
  }
  for (const its of open.values()) if (its.ageMs >= segmentSpanMs(its.keepMs)) await openNext(look, its.category, its);
};

/** As long as the stream of events keeps what it is given: so late a command may follow an event, or a rewound relay publish a redrive once more. */
const EVENTS_LAST_MS = 72 * 3_600_000;

/** Asks what is cheap first: the bus, which was asked already, then small tables, and what is in the segment last. */
const hindranceOf = async (needs: Needs, segment: SegmentAge): Promise<string | undefined> => {
  // A command that came to its queue so early may be of a flow in it that the ledger does not know yet.
  const before = (await needs.waiting()).find(({ at }) => at.getTime() <= segment.closedAt!.getTime() + EVENTS_LAST_MS);
  return before === undefined ? needs.log.hindrance(segment.id, needs.readers) : `queue ${before.queue}`;
};

/** Drops a segment that nothing hinders; answers what did. */
const retire = async (needs: Look, segment: SegmentAge): Promise<string | undefined> => {
  const hindrance = (await hindranceOf(needs, segment)) ?? (await needs.log.drop(segment, needs.readers));
  if (hindrance !== undefined) return NOT_DUE.includes(hindrance) ? undefined : hindrance;
  needs.did.dropped += 1;
  needs.dropped(segment);
  return undefined;
};

/** Looks at one segment, unless its flows were looked at a moment ago, and answers what holds it back. */
const lookAt = async (needs: Look, segment: SegmentAge): Promise<string | undefined> => {
  if (!needs.looks.isDue(segment.id)) return segment.heldBy;
  const by = await retire(needs, segment);
  if (by?.startsWith('command ')) needs.looks.rest(segment.id);
  return by;
};

/** What fails at one segment holds that one back, not the others. */
const lookOrSay = async (needs: Look, segment: SegmentAge): Promise<string | undefined> => {
  try {
    return await lookAt(needs, segment);
  } catch (error) {
    return `error ${error instanceof Error ? error.message : String(error)}`;
  }
};

/** Closed for longer than what is in it is kept. The others are not looked at. */
const isOld = ({ closedMs, keepMs, droppedAt }: SegmentAge): boolean => closedMs !== undefined && keepMs !== undefined && droppedAt === undefined && closedMs >= keepMs;

const retireAll = async (needs: Look, segments: readonly SegmentAge[]): Promise<void> => {
  const held: Held[] = [];
  const isTrusted = await needs.isClockTrusted();
  for (const segment of segments) {
    if (needs.stop.aborted) break;
    const by = isOld(segment) ? (isTrusted ? await lookOrSay(needs, segment) : 'clock') : undefined;
    if (by !== segment.heldBy) await needs.log.noteHeld(segment.id, by);
    if (by !== undefined) held.push({ segment, by });
  }
  needs.held(held);
};

/** More than the clocks of the bus and of the database may differ by. */
const CLOCKS_DIFFER_MS = 3_600_000;

/**
 * A settled command may still be in its queue, if its acknowledgement was lost; without its row in the ledger it would be carried out
 * again. So nothing is taken out of the ledger before all that waits came after the segment went. The read models forget it at once.
 */
const sweepDropped = async ({ log, sweeps, waiting, stop, did }: Look, unlisted: Set<number>): Promise<void> => {
  const all = (await log.ages()).filter(({ droppedAt }) => droppedAt !== undefined);
  if (all.some(({ id }) => !unlisted.has(id))) {
    for (const sweep of sweeps) if (!(await sweepPages(sweep, stop))) return;
    for (const { id } of all) unlisted.add(id);
  }
  const before = (await log.now()) - EVENTS_LAST_MS;
  const old = all.filter(({ droppedAt }) => droppedAt!.getTime() < before);
  if (old.length === 0) return;
  const oldest = Math.min(...(await waiting()).map(({ at }) => at.getTime()));
  const ids = old.filter(({ droppedAt }) => droppedAt!.getTime() + CLOCKS_DIFFER_MS < oldest).map(({ id }) => id);
  if (ids.length === 0) return;
  if (!(await sweepPages((firstPage, pages) => log.sweepLedger(firstPage, pages, ids), stop))) return;
  await log.noteSwept(ids);
  did.swept += ids.length;
};

const forgetIds = async ({ log, stop, did }: Look): Promise<void> => {
  const ids = await log.forgettable();
  if (ids.length === 0 || !(await sweepPages(log.forgetIds, stop))) return;
  await log.noteForgotten(ids);
  did.forgotten += ids.length;
};

/** Asks once, when it is first asked. What came to a queue after that is younger than what was found, and hinders nothing more. */
const once = <T>(ask: () => Promise<T>): (() => Promise<T>) => {
  let answer: Promise<T> | undefined;
  return () => (answer ??= ask());
};

/**
 * One look at the log: opens segments that are due, drops those that are old enough and whose flows have all ended, then lets the ledger
 * and the read models forget them, and in the end their ids. Answers what it did. Safe to run twice, also at the same time: the log itself checks each step.
 */
export const retireSegments = (needs: Needs): (() => Promise<Retired>) => {
  // Dropped segments that the read models have forgotten; after a restart they are gone through once more.
  const unlisted = new Set<number>();
  return async () => {
    const look: Look = { ...needs, waiting: once(needs.waiting), did: { opened: 0, closed: 0, dropped: 0, swept: 0, forgotten: 0 } };
    const segments = await look.log.ages();
    await openDue(look, segments);
    await retireAll(look, segments);
    await sweepDropped(look, unlisted);
    await forgetIds(look);
    return look.did;
  };
};
