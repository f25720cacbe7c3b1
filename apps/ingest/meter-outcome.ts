import { count, METRICS, set } from '#telemetry';
import type { OutcomeCount } from './keep-outcomes.ts';

/** Counts one outcome, and notes the moment when it was a good one. */
export const meterOutcome = (nowMs: () => number) => ({ partner, integration, outcome }: Omit<OutcomeCount, 'count'>): void => {
  count(METRICS.ingestWebhooks, { partner, integration, outcome });
  if (outcome === 'accepted' || outcome === 'duplicate') set(METRICS.ingestLastGood, { partner, integration }, nowMs() / 1_000);
};
