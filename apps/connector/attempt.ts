import type { ErrorCode } from '#contract';
import type { Claim } from '#event-log';
import type { PartnerFailure, Performed } from '#partner-kit';

/** A claim that is ours. */
export type Claimed = Extract<Claim, { kind: 'claimed' }>;

/** No call may be made, for the sake of the person it would be about or go to. */
export type Withheld = { kind: 'withheld'; code: 'erased' | 'suppressed'; message: string };

/** A key to the command cannot be opened now; it may come back before the deadline. */
export type Unreadable = { kind: 'unreadable'; message: string };

/**
 * How an attempt ended. `refused`: the command can never work as it is; `unknown`: an earlier call may have taken effect and nobody
 * can tell, and `called` whether this attempt asked the partner at all; `not-called`: the account closed in between, or has no token now (until: ms since the epoch).
 */
export type Attempt =
  | { kind: 'performed'; performed: Performed; found?: boolean }
  | { kind: 'failed'; failure: PartnerFailure }
  | { kind: 'refused'; code: ErrorCode; message: string }
  | { kind: 'expired' }
  | Withheld
  | { kind: 'unknown'; message: string; called: boolean }
  | { kind: 'not-called'; until: number; message: string };

/** Whether the partner was asked anything in an attempt: what budgets count. */
export const askedPartner = (attempt: Attempt): boolean => {
  switch (attempt.kind) {
    case 'performed':
      return true;
    case 'failed':
      return attempt.failure.details.notAsked === undefined;
    case 'unknown':
      return attempt.called;
    case 'refused':
    case 'expired':
    case 'withheld':
    case 'not-called':
      return false;
  }
};
