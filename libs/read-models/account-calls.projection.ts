import { loadStatement } from '#event-log';
import type { Projection } from './projection.ts';

/** How many calls each account made, by day and by minute. */
export const accountCalls: Projection = {
  name: 'account-calls',
  tables: ['account_days', 'account_minutes'],
  statement: loadStatement('project-account-calls', import.meta.url),
};
