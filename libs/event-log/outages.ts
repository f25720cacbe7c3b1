import { HubError } from '#contract';

const sqlState = (error: unknown): string | undefined => (error as { code?: string }).code;

/** 22 is a value that does not fit, 23 a constraint: the row's fault, not the server's. */
export const isAboutContent = (error: unknown): boolean => /^2[23]/.test(sqlState(error) ?? '') && sqlState(error)?.length === 5;

export const isUniqueViolation = (error: unknown): boolean => sqlState(error) === '23505';

/** A table or the services' role is missing: this database has not been migrated. */
const isUnprepared = (error: unknown): boolean => sqlState(error) === '42P01' || (sqlState(error) === '22023' && /role/.test((error as Error).message));

/** Content errors pass as they are; everything else means that the log cannot be reached or cannot write now. */
export const asOutage = (error: unknown): unknown => {
  if (isUnprepared(error)) {
    return new HubError('migration-missing', 'The database is not prepared. Run: trunkline migrate', { cause: error });
  }
  if (error instanceof HubError || isAboutContent(error)) return error;
  return new HubError('log-unavailable', `The event log cannot be written or read now (${(error as Error).message}). Try again shortly.`, { cause: error });
};
