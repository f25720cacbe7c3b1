import { done, retry, type Command, type CommandOutcome, type CommandReport, type Settlement } from '#contract';
import { fullJitterMs, type PartnerFailure } from '#partner-kit';
import type { Outcome } from '#event-log';
import type { Account } from './accounts.ts';
import { askedPartner, type Attempt, type Claimed } from './attempt.ts';

/** What becomes of a command after an attempt. */
export type Verdict = {
  outcome: CommandOutcome;
  state: Outcome['state'];
  settlement: Settlement;
  /** 1 when the attempt does not count towards the limit. */
  refund: 0 | 1;
  nextAttemptAtMs?: number;
  failure?: NonNullable<CommandReport['failure']>;
  answer?: CommandReport['answer'];
  /** Whether the partner was asked anything. */
  called: boolean;
};

type Judged = Omit<Verdict, 'called'>;

export type RetryPolicy = { maxAttempts: number; baseMs: number; capMs: number; authPauseMs: number };

/** What was tried, and for whom; no account when the manifest has none. */
export type Tried = { command: Command; account: Account | undefined; claimed: Claimed };

/** Why an account waits whose credentials the partner refuses. */
export const CREDENTIALS_REFUSED = 'the partner refuses our credentials';

type Needs = { policy: RetryPolicy; now(): number; random(): number };

type Failure = NonNullable<CommandReport['failure']>;

const over = (outcome: CommandOutcome, state: Outcome['state'], failure?: Failure): Judged => ({ outcome, state, settlement: done(outcome), refund: 0, failure });

/** A wait of so many ms from now; whether the attempt before it counts. */
type Wait = { now: number; ms: number; refund: 0 | 1 };

const later = (command: Command, { now, ms, refund }: Wait, failure: Failure): Judged => {
  if (now + ms >= Date.parse(command.deadline)) return over('expired', 'expired', failure);
  return { outcome: 'retrying', state: 'waiting', settlement: retry(ms, failure.code), refund, nextAttemptAtMs: now + ms, failure };
};

const judgeFailure = (needs: Needs, { command, account, claimed }: Tried, thrown: PartnerFailure): Judged => {
  const { failureClass, code, message, details } = thrown;
  const failure: Failure = { class: failureClass, code, message };
  const now = needs.now();
  const jitterMs = fullJitterMs(claimed.spent, needs.policy, needs.random);
  const waitMs = Math.max(details.retryAfterMs ?? 0, jitterMs);
  switch (failureClass) {
    case 'client':
      return over('dead-lettered', 'dead', failure);
    case 'data':
      return over('skipped', 'skipped', failure);
    case 'rate-limit':
      account?.gate.hold(now + waitMs, 'the partner asked us to wait');
      return later(command, { now, ms: waitMs, refund: 1 }, failure);
    case 'auth':
      account?.gate.hold(now + needs.policy.authPauseMs, `${CREDENTIALS_REFUSED}: ${message}`);
      return later(command, { now, ms: needs.policy.authPauseMs, refund: 1 }, failure);
    case 'transient':
      if (details.notAsked === 'ours') return later(command, { now, ms: waitMs, refund: 1 }, failure);
      if (claimed.spent >= needs.policy.maxAttempts) return over('dead-lettered', 'dead', failure);
      return later(command, { now, ms: waitMs, refund: 0 }, failure);
  }
};

const EARLIER = 'An earlier call ended without an answer, and may have taken effect.';

const judge = (needs: Needs, tried: Tried, attempt: Attempt): Judged => {
  const { command } = tried;
  switch (attempt.kind) {
    case 'performed':
      return { ...over('succeeded', 'succeeded'), answer: { status: attempt.performed.status, reference: attempt.performed.reference } };
    case 'failed':
      return judgeFailure(needs, tried, attempt.failure);
    case 'refused':
      return over('dead-lettered', 'dead', { class: 'client', code: attempt.code, message: attempt.message });
    case 'withheld':
      return over('skipped', 'skipped', { class: 'client', code: attempt.code, message: tried.claimed.takenOver ? `${attempt.message} ${EARLIER}` : attempt.message });
    case 'expired':
      return over('expired', 'expired', { class: 'client', code: 'expired', message: `The deadline ${command.deadline} has passed; no call was made.` });
    case 'unknown':
      return over('uncertain', 'uncertain', { class: 'transient', code: 'uncertain', message: attempt.message });
    case 'not-called':
      return later(command, { now: needs.now(), ms: Math.max(1, attempt.until - needs.now()), refund: 1 }, { class: 'transient', code: 'partner-error', message: attempt.message });
  }
};

/**
 * Decides what an attempt means for the command, and for the account when the partner asks us to wait:
 *
 *     client ─▶ dead        data, withheld ─▶ skipped       unknown ─▶ uncertain
 *     transient ─▶ again after full jitter, at most `maxAttempts` times, then dead
 *     rate-limit, auth ─▶ again after the partner's (or our) pause; does not count; the whole account waits
 *     no call could be made for a reason of our own ─▶ again; does not count
 *     any wait that would pass the deadline ─▶ expired
 */
export const judgeAttempt = (needs: Needs) => (tried: Tried, attempt: Attempt): Verdict => ({ ...judge(needs, tried, attempt), called: askedPartner(attempt) });
