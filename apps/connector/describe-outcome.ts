import { ABOUT_HEADER, CARRIED, isSealed, outcomeEventId, type Command, type CommandReport } from '#contract';
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

/** When an attempt began and ended, and its span, under which everything that follows from it shows. */
type Course = { startedAtMs: number; endedAtMs: number; traceparent?: string };

/** The fact and the ledger entry that record a verdict. The fact's id is derived, so recording it twice is recording it once. */
export const describeOutcome = (command: Command, claimed: Claimed, verdict: Verdict, course: Course): Outcome => {
  const report = reportOf(command, claimed, verdict, course.endedAtMs - course.startedAtMs);
  const headers: Record<string, string> = { [CARRIED.hops]: String(command.hops) };
  const traceparent = course.traceparent ?? command.traceparent;
  if (traceparent !== undefined) headers[CARRIED.traceparent] = traceparent;
  if (isSealed(command)) headers[ABOUT_HEADER] = command.sealed.subjects.join(',');
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
      occurredAt: new Date(course.endedAtMs).toISOString(),
      schemaVersion: 1,
      contentType: 'application/json',
      data: Buffer.from(JSON.stringify(report)),
      headers,
    },
  };
};
