import { loadStatement } from '#event-log';
import type { Projection } from './projection.ts';

/** Which events are about which person. */
export const subjectEvents: Projection = {
  name: 'subject-events',
  tables: ['subject_events'],
  statement: loadStatement('project-subject-events', import.meta.url),
};
