import type { ErrorCode, FailureClass } from '#contract';

/**
 * What is known of a failure beyond its class. `effectUnknown` is set when the call may have taken effect all the same
 * (the answer was lost, or a 5xx came after work may have begun): resolve it before calling again. `notAsked` is set when
 * the partner's API was not called at all: `ours` for a reason of our own (the partner is not to blame, and no attempt is spent),
 * `no-token` because there was nothing to call it with.
 */
export type FailureDetails = { status?: number; retryAfterMs?: number; effectUnknown?: boolean; notAsked?: 'ours' | 'no-token' };

/** A call that did not succeed, already classified. `message` is safe to log: no secrets, at most 300 characters. */
export class PartnerFailure extends Error {
  override readonly name = 'PartnerFailure';
  constructor(
    readonly failureClass: FailureClass,
    readonly code: ErrorCode,
    message: string,
    readonly details: FailureDetails = {},
  ) {
    super(message.slice(0, 300));
  }
}
