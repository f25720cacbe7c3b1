import type { HubEvent } from '#contract';
import type { Route, RouteTable } from './build-route-table.ts';
import { openEvent, type EventDocument } from './event-document.ts';

/** A route that takes this event. All matches of one event share one document. */
export type Match = { route: Route; document: EventDocument };

/** What routes match by: the event's subject without its `evt.`. */
export const routingKey = (event: Pick<HubEvent, 'partner' | 'integration' | 'type'>): string =>
  `${event.partner}.${event.integration}.${event.type}`;

const passes = (route: Route, document: EventDocument): boolean =>
  route.filter === undefined || route.filter.matches(document.forFilters(route.filter));

/** The routes that take this event, in the manifest's order. The body is parsed only when a filter in question reads it. */
export const matchRoutes = (table: RouteTable, event: HubEvent): Match[] => {
  const candidates = table.bySubject.find(routingKey(event));
  if (candidates.length === 0) return [];
  const document = openEvent(event);
  return candidates
    .filter((route) => passes(route, document))
    .sort((one, other) => one.order - other.order)
    .map((route) => ({ route, document }));
};
