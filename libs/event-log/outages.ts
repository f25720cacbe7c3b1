import { HubError } from '#contract';

const sqlState = (error: unknown): string | undefined => (error as { code?: string }).code;

/** 22 is a value that does not fit, 23 a constraint: the row's fault, not the server's. */
export const isAboutContent = (error: unknown): boolean => /^2[23]/.test(sqlState(error) ?? '') && sqlState(error)?.length === 5;

export const isUniqueViolation = (error: unknown): boolean => sqlState(error) === '23505';

/** A table or the services' role is missing: this database has not been migrated. */
const isUnprepared = (error: unknown): boolean => sqlState(error) === '42P01' || (sqlState(error) === '22023' && /role/.test((error as Error).message));

/** 42501: the login may not take the room's role on, or the role lacks what this version grants it. */
const asRefusal = (error: unknown): HubError | undefined => {
  if (sqlState(error) !== '42501') return undefined;
  const words = (error as Error).message;
  const role = /set role "([^"]+)"/.exec(words)?.[1];
  if (role === undefined) return new HubError('migration-missing', `The database does not grant what this version needs (${words}). Run: trunkline migrate`, { cause: error });
  return new HubError('role-refused', `The login in DATABASE_URL is not a member of ${role}. Use this room's own login, or run as the owner: grant ${role} to <login>`, { cause: error });
};

/** Content errors pass as they are; everything else means that the log cannot be reached or cannot write now. */
export const asOutage = (error: unknown): unknown => {
  if (isUnprepared(error)) {
    return new HubError('migration-missing', 'The database is not prepared. Run: trunkline migrate', { cause: error });
  }
  if (error instanceof HubError || isAboutContent(error)) return error;
  const refusal = asRefusal(error);
  if (refusal !== undefined) return refusal;
  return new HubError('log-unavailable', `The event log cannot be written or read now (${(error as Error).message}). Try again shortly.`, { cause: error });
};
