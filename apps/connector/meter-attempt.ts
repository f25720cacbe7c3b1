import type { Command } from '#contract';
import { count, METRICS, set } from '#telemetry';
import type { Claimed } from './attempt.ts';
import type { Verdict } from './judge-attempt.ts';

/** Counts an attempt that is on record. An action that the partner does not have is a name from outside, and counted as `-`. */
export const meterAttempt = (known: (action: string) => boolean) => (command: Command, { attempt }: Claimed, { outcome, failure }: Verdict, nowMs: number): void => {
  const { partner, integration } = command;
  const labels = { partner, integration, action: known(command.action) ? command.action : '-' };
  count(METRICS.attempts, { ...labels, outcome, class: failure?.class ?? 'ok' });
  if (attempt > 1) count(METRICS.retries, labels);
  if (outcome === 'dead-lettered') count(METRICS.deadLetters, labels);
  if (outcome === 'succeeded') set(METRICS.lastSuccess, { partner, integration }, nowMs / 1_000);
};
