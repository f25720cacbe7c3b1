import { PERISHABLE } from '#contract';
import type { LogKeeping, SegmentAge } from '#event-log';
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
  /** What waits on the bus. */
  waiting(): Promise<Waiting[]>;
  /** Whether the database's clock may be believed. */
  isClockTrusted(): Promise<boolean>;
  /** What else forgets events that were dropped: one sweep per table of the read models. */
  sweeps: readonly Sweep[];
  dropped(segment: SegmentAge): void;
  /** Told of all that are held back, at the end of each round. */
  held(all: readonly Held[]): void;
  stop: AbortSignal;
};

/** Words of `hindrance` that say no more than that it is not time yet. */
const NOT_DUE = ['open', 'young', 'kept', 'gone'];

const openDue = async ({ log }: Needs, segments: readonly SegmentAge[]): Promise<void> => {
  const open = new Map(segments.filter(({ closedAt, isDropped }) => closedAt === undefined && !isDropped).map((segment) => [segment.category, segment]));
  for (const category of PERISHABLE) {
    const its = open.get(category);
    if (its === undefined && (await log.retention(category)) !== undefined) await log.open(category);
  }
  for (const { category, ageMs, keepMs } of open.values()) if (ageMs >= segmentSpanMs(keepMs)) await log.open(category);
};

const hindranceOf = async (needs: Needs, segment: SegmentAge): Promise<string | undefined> => {
  const hindrance = await needs.log.hindrance(segment.id, needs.readers);
  if (hindrance !== undefined) return hindrance;
  // A command that came to its queue before the segment ended may be of a flow in it that the ledger does not know yet.
  const before = (await needs.waiting()).find(({ at }) => at <= segment.closedAt!);
  return before && `queue ${before.queue}`;
};

/** Drops a segment that nothing hinders; answers what did. */
const retire = async (needs: Needs, segment: SegmentAge): Promise<string | undefined> => {
  const hindrance = await hindranceOf(needs, segment);
  if (hindrance !== undefined) return NOT_DUE.includes(hindrance) ? undefined : hindrance;
  if ((await needs.log.drop(segment, needs.readers)) === 'busy') return 'busy';
  needs.dropped(segment);
  return undefined;
};

const retireAll = async (needs: Needs, segments: readonly SegmentAge[]): Promise<void> => {
  const held: Held[] = [];
  const isTrusted = await needs.isClockTrusted();
  for (const segment of segments) {
    if (segment.closedAt === undefined || segment.keepMs === undefined || segment.isDropped || needs.stop.aborted) continue;
    const by = isTrusted ? await retire(needs, segment) : 'clock';
    if (by !== segment.heldBy) await needs.log.noteHeld(segment.id, by);
    if (by !== undefined) held.push({ segment, by });
  }
  needs.held(held);
};

const sweepDropped = async ({ log, sweeps, stop }: Needs): Promise<void> => {
  const dropped = (await log.ages()).filter(({ isDropped }) => isDropped).map(({ id }) => id);
  if (dropped.length === 0) return;
  for (const sweep of [log.sweepLedger, ...sweeps]) if (!(await sweepPages(sweep, stop))) return;
  await log.noteSwept(dropped);
};

const forgetIds = async ({ log, stop }: Needs): Promise<void> => {
  const ids = await log.forgettable();
  if (ids.length > 0 && (await sweepPages(log.forgetIds, stop))) await log.noteForgotten(ids);
};

/**
 * One look at the log: opens segments that are due, drops those that are old enough and whose flows have all ended, then lets the ledger
 * and the read models forget them, and in the end their ids. Safe to run twice, also at the same time: the log itself checks each step.
 */
export const retireSegments = (needs: Needs) => async (): Promise<void> => {
  const segments = await needs.log.ages();
  await openDue(needs, segments);
  await retireAll(needs, segments);
  await sweepDropped(needs);
  await forgetIds(needs);
};
