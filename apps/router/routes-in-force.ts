import { comesBefore, type LogPosition } from '#contract';
import type { AppliedManifest } from '#event-log';
import { buildRouteTable, type RouteTable } from '#routing';

export type RoutesInForce = {
  /** The routes of the newest manifest applied before this place; undefined when there was none. */
  at(position: LogPosition): RouteTable | undefined;
  newest(): RouteTable | undefined;
  update(history: readonly AppliedManifest[]): void;
};

/** Route tables by the place in the log from which they count; each is built once, when it is first asked for. */
export const createRoutesInForce = (): RoutesInForce => {
  let history: readonly AppliedManifest[] = [];
  const tables = new Map<number, RouteTable>();
  const tableOf = (applied: AppliedManifest | undefined): RouteTable | undefined => {
    if (applied === undefined) return undefined;
    const table = tables.get(applied.version) ?? buildRouteTable(applied.manifest);
    tables.set(applied.version, table);
    return table;
  };
  return {
    at: (position) => tableOf(history.findLast((applied) => comesBefore(applied.at, position))),
    newest: () => tableOf(history.at(-1)),
    update: (next) => {
      history = next;
    },
  };
};
