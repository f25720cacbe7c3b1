import type { IntegrationSpec } from '#contract';
import type { Database } from '#event-log';
import { METRICS, observe } from '#telemetry';
import { measureBudgets } from './queries/measure-budgets.ts';

/** Tells how much of each budget is spent whenever metrics are looked at, until the returned function is called. */
export const observeBudgets = (db: Database, specs: () => Promise<readonly IntegrationSpec[]>, now: () => Date): (() => void) =>
  observe(async (put) => {
    for (const { partner, integration, per, spent, percent } of await measureBudgets(db, await specs(), now())) {
      put(METRICS.budgetCalls, { partner, integration, per }, spent);
      put(METRICS.budgetSpent, { partner, integration, per }, percent);
    }
  });
