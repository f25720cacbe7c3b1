import type { HubEvent } from '#contract';
import type { Route, RouteTable } from './build-route-table.ts';
import { openEvent, type EventDocument } from './event-document.ts';
import { matchRoutes, routingKey } from './match-routes.ts';
import { planCommands, type Plan } from './plan-commands.ts';

/** Why one route took the event or left it; `why` is a sentence for a person. */
export type RouteExplanation = { route: string; on: string; outcome: 'matched' | 'subject-differs' | 'filter-differs'; why: string };

/** What becomes of an event under a table, and why: nothing is published, and the same table always says the same. */
export type Explanation = Plan & { subject: string; routes: RouteExplanation[] };

const outcomeOf = (route: Route, listens: boolean, subject: string, document: EventDocument): Pick<RouteExplanation, 'outcome' | 'why'> => {
  if (!listens) return { outcome: 'subject-differs', why: `It listens to ${route.spec.on}; this event is ${subject}.` };
  const unmet = route.filter?.unmet(document.forFilters(route.filter)) ?? [];
  if (unmet.length > 0) return { outcome: 'filter-differs', why: `Its filter does not hold: ${unmet.join('; ')}.` };
  return { outcome: 'matched', why: route.filter === undefined ? 'Its subject fits, and it has no filter.' : 'Its subject and its filter fit.' };
};

/** Explains, for each route, why it takes this event or not, and plans the commands that would follow. */
export const explainEvent = async (table: RouteTable, event: HubEvent, now: Date): Promise<Explanation> => {
  const subject = routingKey(event);
  const listening = new Set(table.bySubject.find(subject));
  const document = openEvent(event);
  const routes = table.routes.map((route) => ({
    route: route.spec.name,
    on: route.spec.on,
    ...outcomeOf(route, listening.has(route), subject, document),
  }));
  return { subject, routes, ...(await planCommands(event, matchRoutes(table, event), now)) };
};
