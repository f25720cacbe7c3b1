import { isHubError } from '#contract';
import type { Outcome } from '#event-log';

type Needs = {
  settle(outcome: Outcome): Promise<boolean>;
  pause(ms: number): Promise<void>;
  /** True once the process may wait no longer. */
  givingUp(): boolean;
};

const PAUSE_MS = 250;

/**
 * Records an outcome, and waits for the log for as long as it is away: a call that was made must not be forgotten.
 * False when another process took the command over meanwhile; its own outcome counts.
 */
export const recordOutcome = (needs: Needs) => async (outcome: Outcome): Promise<boolean> => {
  for (;;) {
    try {
      return await needs.settle(outcome);
    } catch (error) {
      if (!isHubError(error, 'log-unavailable') || needs.givingUp()) throw error;
      await needs.pause(PAUSE_MS);
    }
  }
};
