import type { LogPosition } from '#contract';
import { loadStatement, run, type Runner } from './statement.ts';

const LIST = loadStatement('list-segments', import.meta.url);

/** How old the list may be. It may be as old as it likes: what it says stays true, only reads open more segments than they need. */
const LOOK_EVERY_MS = 10_000;

/** A segment of the log. With `last` it is closed: nothing in it stands beyond that place, now or ever. */
export type Segment = { id: number; last?: LogPosition };

/**
 * Which segments a read from some place must open, as two values of a statement: `segment > $newest or segment = any($ahead)`.
 * Segments that were opened since the list was made have higher numbers, so none is missed.
 */
export type SegmentsAhead = [newest: number, ahead: number[]];

/** Every segment that is there, by number. */
export const listSegments = async (on: Runner): Promise<Segment[]> => {
  const { rows } = await run<{ id: number; last_tx: string | null; last_position: string | null }>(on, LIST, []);
  return rows.map(({ id, last_tx: tx, last_position: position }) =>
    tx === null || position === null ? { id } : { id, last: { tx: BigInt(tx), position: BigInt(position) } });
};

const isBehind = (last: LogPosition | undefined, place: LogPosition): boolean =>
  last !== undefined && (last.tx < place.tx || (last.tx === place.tx && last.position <= place.position));

/** What a reader at this place still has ahead of it. */
export const aheadOf = (segments: readonly Segment[], place: LogPosition): SegmentsAhead =>
  [segments.at(-1)?.id ?? -1, segments.filter(({ last }) => !isBehind(last, place)).map(({ id }) => id)];

/** Keeps the list at hand, and looks again at most every ten seconds. */
export const followSegments = (on: Runner): (() => Promise<readonly Segment[]>) => {
  let known: Promise<Segment[]> = Promise.resolve([]);
  let lookedAt = -Infinity;
  return async () => {
    const now = performance.now();
    if (now - lookedAt >= LOOK_EVERY_MS) {
      lookedAt = now;
      known = listSegments(on);
      known.catch(() => {
        lookedAt = -Infinity;
      });
    }
    return known;
  };
};
