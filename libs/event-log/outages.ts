import { HubError } from '#contract';

const sqlState = (error: unknown): string | undefined => (error as { code?: string }).code;

/** 22 is a value that does not fit, 23 a constraint: the row's fault, not the server's. */
export const isAboutContent = (error: unknown): boolean => /^2[23]/.test(sqlState(error) ?? '') && sqlState(error)?.length === 5;

export const isUniqueViolation = (error: unknown): boolean => sqlState(error) === '23505';

/** Content errors pass as they are; everything else means that the log cannot be reached or cannot write now. */
export const asOutage = (error: unknown): unknown =>
  error instanceof HubError || isAboutContent(error)
    ? error
    : new HubError('log-unavailable', `The event log cannot be written or read now (${(error as Error).message}). Try again shortly.`, { cause: error });
