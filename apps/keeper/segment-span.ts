const DAY_MS = 86_400_000;

/**
 * How long a segment takes events before the next is opened: a tenth of what it is kept for, so that events stay about a tenth longer
 * than asked and a category has about ten segments, however long it is kept. What is kept for good is cut up too, for the day on which it
 * is given a retention.
 */
export const segmentSpanMs = (keepMs: number | undefined): number =>
  keepMs === undefined ? 90 * DAY_MS : Math.min(30 * DAY_MS, Math.max(DAY_MS, keepMs / 10));
