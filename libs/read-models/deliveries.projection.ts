import { loadStatement } from '#event-log';
import type { Projection } from './projection.ts';

/** Where each command stands, and what its last attempt came to. */
export const deliveries: Projection = {
  name: 'deliveries',
  tables: ['deliveries', 'delivery_kinds'],
  statement: loadStatement('project-deliveries', import.meta.url),
};
