import { comesBefore, type LogPosition } from '#contract';
import { START_OF_LOG, type AppliedManifest, type EventLog } from '#event-log';
import { buildRouteTable, type RouteTable } from '#routing';

export type InForce = { version: number; table: RouteTable };

export type RoutesInForce = {
  /** The routes that counted for an event at this place; undefined when no manifest had been applied yet. */
  at(place: LogPosition): Promise<InForce | undefined>;
  newest(): Promise<AppliedManifest | undefined>;
};

/** Tables of more manifests than this are built again when they are asked for. */
const KEPT_TABLES = 8;

/**
 * Keeps applied manifests at hand. What stands before an event in the log can no longer change once that event is seen,
 * so the log is asked only for events that are newer than the last one asked for.
 */
export const createRoutesInForce = (log: Pick<EventLog, 'manifests'>): RoutesInForce => {
  const history: AppliedManifest[] = [];
  const tables = new Map<number, RouteTable>();
  let known: LogPosition = START_OF_LOG;
  let last: Promise<unknown> = Promise.resolve();

  const look = async (): Promise<void> => {
    history.push(...(await log.manifests(history.at(-1)?.version)));
  };
  // One look after the other, so that none is added twice.
  const refresh = (): Promise<void> => {
    const next = last.then(look, look);
    last = next.catch(() => undefined);
    return next;
  };
  const tableOf = ({ version, manifest }: AppliedManifest): RouteTable => {
    const table = tables.get(version) ?? buildRouteTable(manifest);
    tables.delete(version);
    tables.set(version, table);
    if (tables.size > KEPT_TABLES) tables.delete(tables.keys().next().value!);
    return table;
  };
  return {
    at: async (place) => {
      if (comesBefore(known, place)) {
        await refresh();
        if (comesBefore(known, place)) known = place;
      }
      const applied = history.findLast((one) => comesBefore(one.at, place));
      return applied && { version: applied.version, table: tableOf(applied) };
    },
    newest: async () => {
      await refresh();
      return history.at(-1);
    },
  };
};
