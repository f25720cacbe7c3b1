import { setTimeout as pause } from 'node:timers/promises';

/** Tries again every half second until it succeeds: for what a room needs before it can begin, and that will be back. */
export const untilItWorks = async <T>(work: () => Promise<T>, onError: (error: unknown) => void): Promise<T> => {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      onError(error);
      await pause(500);
    }
  }
};
