import { HubError } from '#contract';
import { asOutage, type Database } from '#event-log';
import type { Kysely } from 'kysely';
import type { ReadTables } from './tables.ts';

const sqlState = (error: unknown): string => (error as { code?: string }).code ?? '';

/** Classes 08, 53, 57 and errors without a state come from the connection or the server, not from the query. */
const isOutage = (error: unknown): boolean => !/^[0-9A-Z]{5}$/.test(sqlState(error)) || /^(08|53|57)/.test(sqlState(error));

const asReadFailure = (error: unknown): unknown => {
  if (error instanceof HubError) return error;
  if (sqlState(error) === '57014') {
    return new HubError('query-too-slow', 'The answer took too long to find. Ask for less: name a partner and an integration, or a shorter time.', { cause: error });
  }
  // The room's role lacks something, or its login the role.
  if (sqlState(error) === '42501') return asOutage(error);
  if (!isOutage(error)) return error;
  return new HubError('log-unavailable', `The database cannot be read now (${(error as Error).message}). Try again shortly.`, { cause: error });
};

/** Runs a read over the read models and the log. Throws `query-too-slow` and `log-unavailable`. */
export const reading = async <T>(db: Database, read: (tables: Kysely<ReadTables>) => Promise<T>): Promise<T> => {
  try {
    return await read(db.kysely.withTables<ReadTables>());
  } catch (error) {
    throw asReadFailure(error);
  }
};
