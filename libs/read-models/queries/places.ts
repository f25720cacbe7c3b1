import { HUB_PARTNER, type LogPosition } from '#contract';
import type { EventPlace } from '#event-log';
import { sql, type Kysely, type RawBuilder } from 'kysely';
import type { ReadTables } from '../tables.ts';

/** Everything that stands before (or, with `>`, after) a place, going by the named columns. True when there is no place. */
export const beyondPlace = (columns: readonly [tx: string, position: string], order: '<' | '<=' | '>' | '>=', place: LogPosition | undefined): RawBuilder<boolean> =>
  place === undefined
    ? sql`true`
    : sql`(${sql.ref(columns[0])}, ${sql.ref(columns[1])}) ${sql.raw(order)} (${String(place.tx)}::xid8, ${String(place.position)}::bigint)`;

/** Kinds of one tenant, without the hub's own events, which belong to none; true when no tenant is given. */
export const ofTenant = (tenant: string | undefined): RawBuilder<boolean> => (tenant === undefined ? sql`true` : sql`(tenant = ${tenant} and partner <> ${HUB_PARTNER})`);

/** `column = value` for each value that is given; true when none is. */
export const equalTo = (given: Record<string, string | undefined>): RawBuilder<boolean> => {
  const terms = Object.entries(given).flatMap(([column, value]) => (value === undefined ? [] : [sql`${sql.ref(column)} = ${value}`]));
  return terms.length === 0 ? sql`true` : sql`${sql.join(terms, sql` and `)}`;
};

/** The events at these places, in their segments alone; those that retention dropped are left out. */
export const eventsAt = (tables: Kysely<ReadTables>, places: readonly EventPlace[]) => {
  const there = places.filter(({ droppedAt }) => droppedAt === undefined);
  const segments = [...new Set(there.map(({ segment }) => segment))];
  return tables.selectFrom('events').where(sql<boolean>`segment = any(${segments}::integer[])
    and (tx, position) in (select * from unnest(${there.map(({ tx }) => tx)}::xid8[], ${there.map(({ position }) => position)}::bigint[]))`);
};
