import { done, retry, type Command, type Settlement } from '#contract';
import type { Claim } from '#event-log';
import type { Account } from './accounts.ts';
import type { Attempt, Claimed, Unreadable, Withheld } from './attempt.ts';
import { expire } from './call-partner.ts';
import type { Tried, Verdict } from './judge-attempt.ts';
import type { Prepared } from './prepare-command.ts';

type Needs = {
  /** The account that a command is for; undefined when the manifest no longer has it. */
  account(command: Command): Account | undefined;
  /** Opens the command, and finds out whether its call may be made. Before the claim, so that an outage leaves no lease behind. */
  prepare(command: Command): Promise<Prepared | Withheld | Unreadable>;
  /** Told of a command that cannot be opened, each time that it comes. */
  unreadable(command: Command, why: string): void;
  claim(command: Command): Promise<Claim>;
  /** Makes the call, or finds out what became of an earlier one; makes none for a person's sake. */
  attempt(command: Command, prepared: Prepared | Withheld, account: Account | undefined, claimed: Claimed): Promise<Attempt>;
  judge(tried: Tried, attempt: Attempt): Verdict;
  /** Outcome and ledger in one transaction; waits for as long as the log is away. */
  record(command: Command, claimed: Claimed, verdict: Verdict, startedAtMs: number): Promise<void>;
  /** True once this process takes on nothing new. */
  stopping(): boolean;
  now(): number;
};

/** Until somebody gave the key back; the deadline counts meanwhile. */
const UNREADABLE_RETRY_MS = 60_000;

/**
 * Carries out one command, once: waits for its turn, claims it, calls the partner, records what came of it, and only then answers.
 * Safe to run twice: the ledger knows what was done.
 *
 *     message ─▶ turn ─▶ gate ─▶ prepare ─▶ claim ─▶ call ─▶ judge ─▶ record ─▶ ack
 *                         │       │          │                          │
 *           closed: later ┘       │          └ settled: ack             └ a crash before this line: the next claim is "taken over"
 *                                 └ erased, suppressed: no call; cannot be opened: later, until it expires
 */
export const carryOutCommand = (needs: Needs) => async (command: Command): Promise<Settlement> => {
  const account = needs.account(command);
  const release = await account?.pacer.acquire(command.lane);
  try {
    if (needs.stopping()) return retry(1, 'this process stops');
    const closed = account?.gate.closed();
    if (closed !== undefined) return retry(Math.max(1, closed.until - needs.now()), closed.why);
    const prepared = await needs.prepare(command);
    const leftMs = Date.parse(command.deadline) - needs.now();
    if (prepared.kind === 'unreadable' && leftMs > 0) {
      needs.unreadable(command, prepared.message);
      return retry(Math.min(UNREADABLE_RETRY_MS, leftMs), prepared.message);
    }
    const claim = await needs.claim(command);
    if (claim.kind === 'settled') return done(claim.state);
    if (claim.kind === 'busy') return retry(claim.waitMs, 'busy');

    const startedAtMs = needs.now();
    const attempt = prepared.kind === 'unreadable' ? expire(claim) : await needs.attempt(command, prepared, account, claim);
    release?.();
    const verdict = needs.judge({ command, account, claimed: claim }, attempt);
    await needs.record(command, claim, verdict, startedAtMs);
    return verdict.settlement;
  } finally {
    release?.();
  }
};

export type CarryOutCommand = ReturnType<typeof carryOutCommand>;
