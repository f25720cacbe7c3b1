import { describe, expect, it } from 'vitest';
import { COMMAND_OUTCOMES, COMMAND_STATES } from '#contract';
import { describeAttempt } from './describe-attempt.ts';
import { describeCommand } from './describe-command.ts';
import { describeEvent } from './describe-event.ts';
import { describeIntegration } from './describe-integration.ts';

const failure = { class: 'transient' as const, code: 'partner-timeout', message: 'No answer within 10 s.' };

describe('words', () => {
  it('end with a full stop, whatever the outcome and the state', () => {
    const attempts = COMMAND_OUTCOMES.map((outcome) => describeAttempt({ outcome, attempt: 1, durationMs: 3 }));
    const commands = (['none', ...COMMAND_STATES] as const).map((state) => describeCommand({ state, attempts: 1 }));
    for (const words of [...attempts, ...commands]) expect(words).toMatch(/^[A-Z].*\.$/);
    expect(new Set([...attempts, ...commands]).size).toBe(COMMAND_OUTCOMES.length + COMMAND_STATES.length + 1);
  });

  it('say what a person wants to know of an attempt', () => {
    expect(describeAttempt({ outcome: 'succeeded', attempt: 2, durationMs: 81.6, answer: { status: 200, reference: 'msg-7' } }))
      .toBe('Attempt 2 succeeded (82 ms, HTTP 200, the partner calls it msg-7).');
    expect(describeAttempt({ outcome: 'retrying', attempt: 1, durationMs: 10_000, failure, nextAttemptAt: '2026-03-01T12:00:05.000Z' }))
      .toBe('Attempt 1 failed. partner-timeout: No answer within 10 s. The next attempt is due at 2026-03-01T12:00:05.000Z.');
  });

  it('say who asked for a redrive', () => {
    const told = { type: 'operator.redrive-requested', partner: 'slack', integration: 'ops' };
    expect(describeEvent({ ...told, data: Buffer.from('{"by":"ana"}') })).toBe('ana asked for the command at slack/ops to be sent again.');
    expect(describeEvent({ ...told, data: Buffer.from('null') })).toBe('An operator asked for the command at slack/ops to be sent again.');
    expect(describeEvent({ type: 'inbound.invoice.paid', partner: 'stripe', integration: 'acme' })).toBe('stripe/acme told us: invoice.paid.');
  });

  it('say who did what to the hub', () => {
    const told = { type: 'operator.acted', partner: 'trunkline', integration: 'hub' };
    const data = { act: 'revoke-key', who: { kind: 'key', id: 'k1', name: 'ana' }, subject: '7Kd2mQx9RtB', from: '10.0.0.7' };
    expect(describeEvent({ ...told, data: Buffer.from(JSON.stringify(data)) })).toBe('ana revoked key 7Kd2mQx9RtB, from 10.0.0.7.');
    expect(describeEvent({ ...told, data: Buffer.from('null') })).toBe('An operator did something.');
  });

  it('say when an account has not succeeded since it failed', () => {
    const counts = { events: 3, received: 0, succeeded: 1, retried: 0, dead: 2, expired: 0, skipped: 0, uncertain: 0 };
    const lastEvent = { id: 'x', type: 'command.dead-lettered', at: '2026-03-01T12:00:05.000Z' };
    const status = { counts, lastEvent, lastFailure: { ...failure, at: '2026-03-01T12:00:05.000Z' }, lastSuccessAt: '2026-03-01T12:00:01.000Z' };
    expect(describeIntegration({ configured: true, paused: false, status })).toBe(
      'So far 1 command done, 2 commands given up. Last heard of at 2026-03-01T12:00:05.000Z. Nothing has succeeded since it failed with partner-timeout at 2026-03-01T12:00:05.000Z.',
    );
    expect(describeIntegration({ configured: true, paused: false, status: { ...status, lastSuccessAt: '2026-03-01T12:00:06.000Z' } })).not.toContain('since');
    expect(describeIntegration({ configured: true, paused: true })).toBe('Paused: its webhooks are refused and its commands wait. The log says nothing of it yet.');
  });
});
