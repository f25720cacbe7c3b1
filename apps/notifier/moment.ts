/**
 * One instant by two clocks, in ms. `at` is the time of day by Postgres' clock, for what is said and written down; `steady` only ever
 * passes, from any beginning, and is what everything waits by (docs/decisions/0053).
 */
export type Moment = { at: number; steady: number };
