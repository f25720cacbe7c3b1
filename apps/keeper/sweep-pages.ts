/** Deletes what may go from some pages of a table, in a transaction of its own; answers how many pages the table has. */
export type Sweep = (firstPage: number, pages: number) => Promise<number>;

/** Some thousand rows: a transaction that holds the readers of the log back for tens of ms at most. */
const PAGES_AT_ONCE = 100;

/** Goes once through a table from end to end. False when it was asked to stop before that. */
export const sweepPages = async (sweep: Sweep, stop: AbortSignal): Promise<boolean> => {
  let pages = 1;
  for (let first = 0; first < pages; first += PAGES_AT_ONCE) {
    if (stop.aborted) return false;
    pages = await sweep(first, PAGES_AT_ONCE);
  }
  return true;
};
