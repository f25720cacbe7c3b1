import type { Database } from '#event-log';
import { TERMINAL_STATES } from '#contract';

/** What the hub itself has on record about its commands. */
export type CommandCounts = { commands: number; attempts: number; settled: number };

/** Counts the commands ledger. */
export const countCommands = async ({ kysely }: Database): Promise<CommandCounts> => {
  const rows = await kysely
    .selectFrom('commands')
    .select(({ fn }) => ['state', fn.countAll<string>().as('commands'), fn.sum<string>('attempts').as('attempts')])
    .groupBy('state')
    .execute();
  const counts: CommandCounts = { commands: 0, attempts: 0, settled: 0 };
  for (const row of rows) {
    counts.commands += Number(row.commands);
    counts.attempts += Number(row.attempts);
    if (TERMINAL_STATES.includes(row.state)) counts.settled += Number(row.commands);
  }
  return counts;
};

/** Where the commands of these flows stand, a sentence each, at most five. */
export const explainCommands = async ({ kysely }: Database, correlationIds: readonly string[]): Promise<string[]> => {
  if (correlationIds.length === 0) return [];
  const rows = await kysely
    .selectFrom('commands')
    .select(['partner', 'action', 'state', 'attempts', 'last_failure'])
    .where('correlation_id', 'in', [...correlationIds])
    .where('state', '<>', 'succeeded')
    .limit(5)
    .execute();
  return rows.map(({ partner, action, state, attempts, last_failure: failure }) => `${partner} ${action}: ${state} after ${attempts} attempts${failure ? `, ${failure.message}` : ''}`);
};
