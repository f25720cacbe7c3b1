import { Kysely, PostgresDialect, type PostgresPool } from 'kysely';
import pg from 'pg';
import type { Database } from './database.ts';
import { inTransaction } from './in-transaction.ts';
import type { LogTables } from './tables.ts';

/** Stands for all tenants; a tenant cannot be called this. */
export const ALL_TENANTS = '*';

/** What the row-level policies on the console's role go by (libs/walls). Where it was not set, they show nothing. */
const scopeTo = (tenant: string): string => `select set_config('trunkline.tenant', ${pg.escapeLiteral(tenant)}, true)`;

/** Lifts the limit to one tenant for the rest of a transaction: for what is written about a tenant's act and belongs to the hub. */
export const LIFT_SCOPE = scopeTo(ALL_TENANTS);

/**
 * The same database, seen by one tenant: each query, and each transaction of `inTransaction`, tells Postgres first whose it is, and Postgres
 * leaves out what belongs to others. Costs two round trips for each query. Closing it is closing the other.
 */
export const forTenant = (db: Database, tenant: string): Database => {
  const query = (...args: [pg.QueryConfig | string, unknown[]?]): Promise<pg.QueryResult> => inTransaction(scoped, (client) => client.query(...(args as [pg.QueryConfig])));
  const pool = { query, connect: () => db.pool.connect() } as unknown as pg.Pool;
  // Kysely takes a connection for each query: here each has its own transaction, and nothing to release.
  const connection = { query: (text: string, values: unknown[]) => query(text, values), release: () => undefined };
  const asPool = { connect: async () => connection, end: async () => undefined } as unknown as PostgresPool;
  const scoped: Database = { ...db, pool, kysely: new Kysely<LogTables>({ dialect: new PostgresDialect({ pool: asPool }) }), opening: scopeTo(tenant), bare: db.pool };
  return scoped;
};
