import pg from 'pg';
import { Kysely, PostgresDialect } from 'kysely';
import { APP_ROLE, type RoleName } from './roles.ts';
import type { LogTables } from './tables.ts';

/** Timestamps, 64-bit integers and transaction ids stay text: nothing is rounded, and nothing is parsed that is only passed on. */
const TEXT_TYPES = new Set([pg.types.builtins.TIMESTAMPTZ, pg.types.builtins.INT8, 5069]);
const types = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    TEXT_TYPES.has(oid) ? (text: string) => text : pg.types.getTypeParser(oid, format as 'text'),
} as pg.CustomTypesConfig;

export type DatabaseOptions = {
  url: string;
  /** Shown in `pg_stat_activity`, so that lag can name who holds a transaction open. */
  applicationName: string;
  /** The role to work under; the login must be a member of it. Without one: the role that is a member of all of them. */
  role?: RoleName;
  /** Connections at most. */
  max?: number;
  /** How long one statement may take, in ms; the caller is told that the log is unavailable. */
  timeoutMs?: number;
};

export type Database = {
  pool: pg.Pool;
  kysely: Kysely<LogTables>;
  /** A statement that each transaction begins with; then `pool` has one for each query, and `bare` none, for what may not be in any. */
  opening?: string;
  bare?: pg.Pool;
  /** A connection of its own with the same settings, for LISTEN. The caller ends it. */
  connect(): Promise<pg.Client>;
  close(): Promise<void>;
};

/**
 * Connects under a room's role, which may do what that room needs; none may change what is on record. Commits wait for the disk
 * whatever the server's default is. Nothing is opened until the first query.
 */
export const openDatabase = (options: DatabaseOptions): Database => {
  const timeoutMs = options.timeoutMs ?? 5_000;
  const config: pg.ClientConfig = {
    connectionString: options.url,
    application_name: options.applicationName,
    // Prepared plans are kept: one that was made while a table was small would scan it whole for as long as the connection lives.
    options: `-c enable_seqscan=off -c role=${options.role ?? APP_ROLE} -c timezone=UTC -c synchronous_commit=on -c statement_timeout=${timeoutMs}`,
    connectionTimeoutMillis: 2_000,
    types,
    keepAlive: true,
  };
  const pool = new pg.Pool({ ...config, max: options.max ?? 4, query_timeout: timeoutMs + 1_000, idleTimeoutMillis: 30_000 });
  // An idle connection that breaks is replaced by the next query; that query reports what matters.
  pool.on('error', () => undefined);
  const kysely = new Kysely<LogTables>({ dialect: new PostgresDialect({ pool }) });
  return {
    pool,
    kysely,
    connect: async () => {
      const client = new pg.Client(config);
      client.on('error', () => undefined);
      await client.connect();
      return client;
    },
    close: async () => {
      await kysely.destroy();
      // Kysely ends only a pool that it has used itself; an open one keeps the process for as long as its connections may idle.
      if (!pool.ending) await pool.end();
    },
  };
};
