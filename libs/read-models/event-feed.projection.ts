import { loadStatement } from '#event-log';
import type { Projection } from './projection.ts';

/** The list of events, with the kinds and times that its filters go by. */
export const eventFeed: Projection = {
  name: 'event-feed',
  tables: ['event_feed', 'event_kinds', 'event_minutes'],
  statement: loadStatement('project-event-feed', import.meta.url),
};
