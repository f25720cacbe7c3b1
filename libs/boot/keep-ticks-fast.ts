import { executionAsyncResource } from 'node:async_hooks';

const held: object[] = [];

/**
 * Holds on to one of the records that Node makes for each `process.nextTick`, for as long as the process lives. V8 forgets the layout
 * of objects of which none is left when it collects garbage; the next one then gets another layout, and since the record's keys are
 * symbols, one such change makes Node build and read every later one the slow way (docs/decisions/0054). Call it early.
 */
export const keepTicksFast = (): void => process.nextTick(() => void held.push(executionAsyncResource()));
