import { comesBefore, type ConsentSpec, type HubEvent, type LogPosition } from '#contract';
import type { AppliedManifest } from '#event-log';
import { buildRouteTable, matchRoutes, routingKey, type RouteTable } from '#routing';

/** A consent that an event gives, and the event's body as filters see it. */
export type Given = { spec: ConsentSpec; body: unknown };

type Table = { specs: ReadonlyMap<string, ConsentSpec>; routes: RouteTable };

export type ConsentsInForce = {
  update(history: readonly AppliedManifest[]): void;
  /** The place from which on there was ever anything to look for; undefined while there never was. */
  since(): LogPosition | undefined;
  /** Whether an event may give consent, as far as its subject tells: only then is it worth opening. */
  mayGive(event: HubEvent): boolean;
  /** What an opened event says, by the manifest in force at its place. */
  given(event: HubEvent): Given[];
};

/** A consent matches as a route does; it has no targets. */
const tableOf = (consents: readonly ConsentSpec[]): Table => ({
  specs: new Map(consents.map((spec) => [spec.name, spec])),
  routes: buildRouteTable({ routes: consents.map(({ name, on, when }) => ({ name, on, ...(when !== undefined && { when }), to: [] })) }),
});

/** Consents by the place in the log from which they count; each manifest's are compiled once. */
export const createConsentsInForce = (): ConsentsInForce => {
  let history: readonly AppliedManifest[] = [];
  const tables = new Map<number, Table>();
  const at = (place: LogPosition): Table | undefined => {
    const applied = history.findLast((one) => comesBefore(one.at, place));
    if (applied?.manifest.consent === undefined) return undefined;
    const table = tables.get(applied.version) ?? tableOf(applied.manifest.consent);
    tables.set(applied.version, table);
    return table;
  };
  return {
    update: (next) => {
      history = next;
    },
    since: () => history.find(({ manifest }) => (manifest.consent ?? []).length > 0)?.at,
    mayGive: (event) => (at(event.at)?.routes.bySubject.find(routingKey(event)) ?? []).length > 0,
    given: (event) => {
      const table = at(event.at);
      if (table === undefined) return [];
      return matchRoutes(table.routes, event).map(({ route, document }) => ({ spec: table.specs.get(route.spec.name)!, body: document.forMappings().body }));
    },
  };
};
