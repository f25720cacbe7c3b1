import type { BudgetSpec, IntegrationSpec } from '#contract';
import type { Database } from '#event-log';
import { sql } from 'kysely';
import { reading } from '../reading.ts';

/** How much of its budget an account has spent in the period at hand. `since` and `until` (RFC 3339 UTC) bound the period. */
export type Budget = BudgetSpec & { partner: string; integration: string; spent: number; percent: number; since: string; until: string };

type Row = { partner: string; integration: string; day: string; month: string };

const DAY_MS = 86_400_000;

const startsOf = (now: Date): Record<BudgetSpec['per'], [since: Date, until: Date]> => {
  const [year, month, date] = [now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()];
  const today = Date.UTC(year, month, date);
  return { day: [new Date(today), new Date(today + DAY_MS)], month: [new Date(Date.UTC(year, month, 1)), new Date(Date.UTC(year, month + 1, 1))] };
};

/** The budgets of those accounts that have one, in their order. Counts what the projector has taken. */
export const measureBudgets = (db: Database, specs: readonly IntegrationSpec[], now: Date): Promise<Budget[]> =>
  reading(db, async (tables) => {
    const starts = startsOf(now);
    const { rows } = await sql<Row>`
      select partner, integration, coalesce(sum(calls) filter (where day = ${starts.day[0].toISOString()}::date), 0) as day, sum(calls) as month
      from account_days
      where day >= ${starts.month[0].toISOString()}::date and day < ${starts.day[1].toISOString()}::date
      group by partner, integration`.execute(tables);
    return specs.flatMap(({ partner, name, budget }) => {
      if (budget === undefined) return [];
      const spent = Number(rows.find((row) => row.partner === partner && row.integration === name)?.[budget.per] ?? 0);
      const [since, until] = starts[budget.per];
      return [{ partner, integration: name, ...budget, spent, percent: Math.floor((1_000 * spent) / budget.calls) / 10, since: since.toISOString(), until: until.toISOString() }];
    });
  });
