import { commandId, hopsOf, type HubEvent } from '#contract';
import { HOP_LIMIT, matchRoutes, type RouteTable } from '#routing';

/** A command that follows from an event, as far as it is known without mapping it. */
export type FollowUp = { commandId: string; route: string; target: string; partner: string; integration: string; action: string };

/** The commands that follow from an event. Their ids are derived, so nothing need be mapped or looked up to know them. */
export const listFollowUps = (table: RouteTable, event: HubEvent): FollowUp[] => {
  if (hopsOf(event) >= HOP_LIMIT) return [];
  return matchRoutes(table, event).flatMap(({ route }) =>
    route.targets.map(({ spec, partner, integration, action }) => ({
      commandId: commandId(event.id, route.spec.name, spec.name),
      route: route.spec.name,
      target: spec.name,
      partner,
      integration,
      action,
    })),
  );
};
