import { CARRIED, outcomeEventId, type Command, type CommandReport } from '#contract';
import type { Outcome } from '#event-log';
import type { Claimed } from './attempt.ts';
import type { Verdict } from './judge-attempt.ts';

const CARRIES_COMMAND = new Set(['dead-lettered', 'expired', 'skipped', 'uncertain']);

const reportOf = (command: Command, claimed: Claimed, verdict: Verdict, durationMs: number): CommandReport => ({
  commandId: command.id,
  action: command.action,
  route: command.route,
  target: command.target,
  lane: command.lane,
  attempt: claimed.attempt,
  redrive: command.redrive,
  durationMs,
  called: verdict.called ? undefined : false,
  answer: verdict.answer,
  failure: verdict.failure,
  nextAttemptAt: verdict.nextAttemptAtMs === undefined ? undefined : new Date(verdict.nextAttemptAtMs).toISOString(),
  command: CARRIES_COMMAND.has(verdict.outcome) ? command : undefined,
});

/** The fact and the ledger entry that record a verdict. The fact's id is derived, so recording it twice is recording it once. */
export const describeOutcome = (command: Command, claimed: Claimed, verdict: Verdict, times: { startedAtMs: number; endedAtMs: number }): Outcome => {
  const report = reportOf(command, claimed, verdict, times.endedAtMs - times.startedAtMs);
  const headers: Record<string, string> = { [CARRIED.hops]: String(command.hops) };
  if (command.traceparent !== undefined) headers[CARRIED.traceparent] = command.traceparent;
  return {
    commandId: command.id,
    attempt: claimed.attempt,
    state: verdict.state,
    nextAttemptAt: report.nextAttemptAt,
    failure: verdict.failure,
    refund: verdict.refund,
    event: {
      id: outcomeEventId(command.id, claimed.attempt),
      type: `command.${verdict.outcome}`,
      partner: command.partner,
      integration: command.integration,
      tenant: command.tenant,
      correlationId: command.correlationId,
      causationId: command.id,
      occurredAt: new Date(times.endedAtMs).toISOString(),
      schemaVersion: 1,
      contentType: 'application/json',
      data: Buffer.from(JSON.stringify(report)),
      headers,
    },
  };
};
