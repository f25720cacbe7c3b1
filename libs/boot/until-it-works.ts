import { setTimeout as pause } from 'node:timers/promises';

/**
 * Tries again every half second until it succeeds: for what a room needs before it can begin, and that will be back.
 * Answers `undefined` when `stop` was aborted before that.
 */
export const untilItWorks = async <T>(work: () => Promise<T>, stop: AbortSignal, onError: (error: unknown) => void): Promise<T | undefined> => {
  while (!stop.aborted) {
    try {
      return await work();
    } catch (error) {
      if (stop.aborted) break;
      onError(error);
      await pause(500, undefined, { signal: stop }).catch(() => undefined);
    }
  }
  return undefined;
};
