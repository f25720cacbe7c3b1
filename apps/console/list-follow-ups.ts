import { commandId, hopsOf, type HubEvent } from '#contract';
import { HOP_LIMIT, matchRoutes, routingKey, type Route, type RouteTable } from '#routing';

/** A command that follows from an event, as far as it is known without mapping it. */
export type FollowUp = { commandId: string; route: string; target: string; partner: string; integration: string; action: string };

const followUpsOf = (event: Pick<HubEvent, 'id'>, routes: readonly Route[]): FollowUp[] =>
  routes.flatMap((route) =>
    route.targets.map(({ spec, partner, integration, action }) => ({
      commandId: commandId(event.id, route.spec.name, spec.name),
      route: route.spec.name,
      target: spec.name,
      partner,
      integration,
      action,
    })),
  );

/** The commands that follow from an event. Their ids are derived, so nothing need be mapped or looked up to know them. */
export const listFollowUps = (table: RouteTable, event: HubEvent): FollowUp[] =>
  hopsOf(event) >= HOP_LIMIT ? [] : followUpsOf(event, matchRoutes(table, event).map(({ route }) => route));

/** The commands that may have followed from an event whose content nobody can read any more: by its subject alone, before any filter. */
export const listPossibleFollowUps = (table: RouteTable, event: Omit<HubEvent, 'data'>): FollowUp[] =>
  followUpsOf(event, table.bySubject.find(routingKey(event)));
