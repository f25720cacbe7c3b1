const TOLERATED_MS = 5 * 60_000;
const BELIEVED_AFTER_MS = 24 * 3_600_000;

type Needs = {
  /** The database's clock, by which everything is dated. */
  databaseNow(): Promise<number>;
  /** Time that only ever passes, from any beginning. */
  monotonicMs(): number;
};

/**
 * Tells whether the database's clock may be believed. One that jumped by more than five minutes since the last look is not, for a day:
 * a clock that is wrong by months would make everything old. A jump while nobody looks is not seen.
 */
export const trustClock = ({ databaseNow, monotonicMs }: Needs): (() => Promise<boolean>) => {
  let ahead: number | undefined;
  let doubtedUntil = -Infinity;
  return async () => {
    const passed = monotonicMs();
    const difference = (await databaseNow()) - passed;
    if (ahead !== undefined && Math.abs(difference - ahead) > TOLERATED_MS) doubtedUntil = passed + BELIEVED_AFTER_MS;
    ahead = difference;
    return passed >= doubtedUntil;
  };
};
