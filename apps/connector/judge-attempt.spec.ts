import { describe, expect, it } from 'vitest';
import type { Command } from '#contract';
import { PartnerFailure } from '#partner-kit';
import type { Account } from './accounts.ts';
import { judgeAttempt } from './judge-attempt.ts';

const NOW = Date.parse('2026-01-01T00:00:00Z');
const policy = { maxAttempts: 3, baseMs: 1_000, capMs: 10_000, authPauseMs: 60_000 };
const judge = judgeAttempt({ policy, now: () => NOW, random: () => 0.5 });
const command = (deadlineMs = 3_600_000): Command => ({ deadline: new Date(NOW + deadlineMs).toISOString() }) as Command;
const claimed = (spent = 1) => ({ kind: 'claimed' as const, attempt: spent, spent, takenOver: false });
const failed = (failureClass: PartnerFailure['failureClass'], details: PartnerFailure['details'] = {}) => ({
  kind: 'failed' as const,
  failure: new PartnerFailure(failureClass, 'partner-error', 'no', details),
});

const holdable = () => {
  const holds: number[] = [];
  return { holds, account: { gate: { hold: (until: number) => holds.push(until) } } as unknown as Account };
};

describe('judging an attempt', () => {
  it('settles a success with what the partner answered', () => {
    const verdict = judge({ command: command(), account: undefined, claimed: claimed() }, { kind: 'performed', performed: { status: 201, reference: 'cus_1' } });
    expect(verdict).toMatchObject({ outcome: 'succeeded', state: 'succeeded', settlement: { kind: 'done' }, answer: { status: 201, reference: 'cus_1' } });
  });

  it('backs off from a transient failure with full jitter, doubling', () => {
    expect(judge({ command: command(), account: undefined, claimed: claimed(1) }, failed('transient')).nextAttemptAtMs).toBe(NOW + 500);
    expect(judge({ command: command(), account: undefined, claimed: claimed(2) }, failed('transient')).nextAttemptAtMs).toBe(NOW + 1_000);
  });

  it('waits at least as long as the partner asks', () => {
    expect(judge({ command: command(), account: undefined, claimed: claimed() }, failed('transient', { retryAfterMs: 7_000 })).nextAttemptAtMs).toBe(NOW + 7_000);
  });

  it('dead-letters after the last attempt that counts', () => {
    expect(judge({ command: command(), account: undefined, claimed: claimed(3) }, failed('transient'))).toMatchObject({ outcome: 'dead-lettered', state: 'dead', settlement: { kind: 'done' } });
  });

  it('dead-letters what the partner refuses for good, and skips what nobody can read', () => {
    expect(judge({ command: command(), account: undefined, claimed: claimed() }, failed('client')).outcome).toBe('dead-lettered');
    expect(judge({ command: command(), account: undefined, claimed: claimed() }, failed('data')).outcome).toBe('skipped');
  });

  it('holds the whole account while it is rate-limited, and spends no attempt', () => {
    const { holds, account } = holdable();
    const verdict = judge({ command: command(), account: account, claimed: claimed(9) }, failed('rate-limit', { retryAfterMs: 30_000 }));
    expect(verdict).toMatchObject({ outcome: 'retrying', refund: 1, nextAttemptAtMs: NOW + 30_000 });
    expect(holds).toEqual([NOW + 30_000]);
  });

  it('holds the whole account when its credentials are refused, and spends no attempt', () => {
    const { holds, account } = holdable();
    expect(judge({ command: command(), account: account, claimed: claimed(9) }, failed('auth'))).toMatchObject({ outcome: 'retrying', refund: 1, nextAttemptAtMs: NOW + 60_000 });
    expect(holds).toEqual([NOW + 60_000]);
  });

  it('expires a command whose next attempt would come after its deadline', () => {
    expect(judge({ command: command(400), account: undefined, claimed: claimed() }, failed('transient'))).toMatchObject({ outcome: 'expired', state: 'expired' });
  });

  it('spends no attempt when it was ours that no call could be made', () => {
    expect(judge({ command: command(), account: undefined, claimed: claimed(9) }, failed('transient', { notAsked: 'ours' }))).toMatchObject({ outcome: 'retrying', refund: 1, called: false });
  });

  it('leaves an unknown effect to a person', () => {
    expect(judge({ command: command(), account: undefined, claimed: claimed() }, { kind: 'unknown', message: '?', called: true })).toMatchObject({ outcome: 'uncertain', state: 'uncertain', settlement: { kind: 'done' } });
  });

  it('parks a command while the breaker is open, and spends no attempt', () => {
    expect(judge({ command: command(), account: undefined, claimed: claimed(9) }, { kind: 'not-called', until: NOW + 5_000, message: 'why' })).toMatchObject({ state: 'waiting', refund: 1, nextAttemptAtMs: NOW + 5_000, failure: { message: 'why' } });
  });

  it('says whether the partner was asked anything, which is what a budget counts', () => {
    const called = (attempt: Parameters<typeof judge>[1]) => judge({ command: command(), account: undefined, claimed: claimed() }, attempt).called;
    expect([called({ kind: 'performed', performed: { status: 200 } }), called(failed('client')), called({ kind: 'unknown', message: '?', called: true })]).toEqual([true, true, true]);
    expect([called({ kind: 'refused', code: 'mapping-failed', message: 'no' }), called({ kind: 'expired' }), called({ kind: 'not-called', until: NOW, message: '' }), called(failed('auth', { notAsked: 'no-token' }))]).toEqual([false, false, false, false]);
    expect(called({ kind: 'unknown', message: '?', called: false })).toBe(false);
  });
});
