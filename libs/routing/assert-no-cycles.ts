import { COMMAND_OUTCOMES, HubError, type Manifest } from '#contract';
import { buildRouteTable, type Route, type RouteTable, type Target } from './build-route-table.ts';
import type { Condition } from './compile-filter.ts';

/** What is certain about the report of a target's command before it exists (see CommandReport). */
const knownReport = (route: Route, target: Target, outcome: string): unknown => ({
  body: { route: route.spec.name, target: target.spec.name, action: target.action, lane: target.spec.lane },
  headers: {},
  type: `command.${outcome}`,
});

const KNOWN_PATHS = new Set(['body.route', 'body.target', 'body.action', 'body.lane', 'type']);

const isKnown = (condition: Condition): boolean => condition.path !== undefined && KNOWN_PATHS.has(condition.path.join('.'));

/** A filter is taken to let a report through unless a condition on something certain says otherwise. */
const mayTake = (route: Route, report: unknown): boolean =>
  route.filter === undefined || route.filter.conditions.every((condition) => !isKnown(condition) || condition.holds(report));

const followersOf = (table: RouteTable, route: Route): Set<Route> => {
  const followers = new Set<Route>();
  for (const target of route.targets) {
    for (const outcome of COMMAND_OUTCOMES) {
      const report = knownReport(route, target, outcome);
      for (const next of table.bySubject.find(`${target.partner}.${target.integration}.command.${outcome}`)) {
        if (mayTake(next, report)) followers.add(next);
      }
    }
  }
  return followers;
};

/** One route on the way down, and its followers that are still to be looked at. */
type Step = { route: Route; ahead: Iterator<Route> };

/** The first cycle found from `start`, as the names on it with the first one again at the end. Not recursive: chains are long. */
const findCycle = (table: RouteTable, start: Route, finished: Set<Route>): string[] | undefined => {
  const trail: Step[] = [];
  const onTrail = new Set<Route>();
  const enter = (route: Route): void => {
    trail.push({ route, ahead: followersOf(table, route).values() });
    onTrail.add(route);
  };
  if (!finished.has(start)) enter(start);
  while (trail.length > 0) {
    const { route, ahead } = trail.at(-1)!;
    const { value: next, done } = ahead.next();
    if (done) {
      trail.pop();
      onTrail.delete(route);
      finished.add(route);
    } else if (onTrail.has(next)) {
      const since = trail.findIndex((step) => step.route === next);
      return [...trail.slice(since).map((step) => step.route), next].map((one) => one.spec.name);
    } else if (!finished.has(next)) enter(next);
  }
  return undefined;
};

/**
 * Refuses routes whose commands' outcomes may come back to them. Throws HubError('route-cycle') naming the cycle.
 * Loops through a partner (we post, it tells us) cannot be seen here.
 */
export const assertNoCycles = (manifest: Pick<Manifest, 'routes'>): void => {
  const table = buildRouteTable(manifest);
  const finished = new Set<Route>();
  for (const route of table.routes) {
    const cycle = findCycle(table, route, finished);
    if (cycle === undefined) continue;
    const first = cycle[0]!;
    throw new HubError(
      'route-cycle',
      `Routes lead back to themselves: ${cycle.join(' → ')}. ` +
        `Let '${first}' listen to fewer events, or leave out what it caused itself: when: { body: { route: { $ne: ${first} } } }`,
    );
  }
};
