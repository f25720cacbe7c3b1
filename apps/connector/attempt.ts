import type { ErrorCode } from '#contract';
import type { Claim } from '#event-log';
import type { PartnerFailure, Performed } from '#partner-kit';

/** A claim that is ours. */
export type Claimed = Extract<Claim, { kind: 'claimed' }>;

/**
 * How an attempt ended. `refused`: the command can never work as it is; `unknown`: an earlier call may have taken effect and nobody
 * can tell; `not-called`: the account closed in between (until: ms since the epoch).
 */
export type Attempt =
  | { kind: 'performed'; performed: Performed; found?: boolean }
  | { kind: 'failed'; failure: PartnerFailure }
  | { kind: 'refused'; code: ErrorCode; message: string }
  | { kind: 'expired' }
  | { kind: 'unknown'; message: string }
  | { kind: 'not-called'; until: number };
