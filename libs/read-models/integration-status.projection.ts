import { loadStatement } from '#event-log';
import type { Projection } from './projection.ts';

/** What each account did last, and how often. */
export const integrationStatus: Projection = {
  name: 'integration-status',
  tables: ['integration_status'],
  statement: loadStatement('project-integration-status', import.meta.url),
};
