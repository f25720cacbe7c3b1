import { HttpException } from '@nestjs/common';
import { isHubError, problem, type ErrorCode, type Problem } from '#contract';
import { ProblemException } from './problem-exception.ts';

export type ProblemAnswer = { problem: Problem; headers: Record<string, string>; unexpected: boolean };

const STATUS_OF: Partial<Record<ErrorCode, number>> = {
  malformed: 400, 'validation-failed': 400, 'signature-refused': 401, 'address-refused': 403, 'not-found': 404, 'unknown-partner': 404, 'unknown-integration': 404,
  'method-not-allowed': 405, 'request-timeout': 408, 'version-conflict': 409, 'not-redrivable': 409, 'event-dropped': 410, 'too-large': 413, 'unsupported-media-type': 415,
  'manifest-invalid': 422, 'route-cycle': 422, 'mapping-failed': 422, 'input-invalid': 422, 'rate-limited': 429,
  unauthenticated: 401, forbidden: 403,
  'log-unavailable': 503, 'migration-missing': 503, 'bus-unavailable': 503, 'queue-full': 503, 'query-too-slow': 503, 'not-ready': 503,
};

const CODE_OF: Record<number, ErrorCode> = {
  404: 'not-found', 405: 'method-not-allowed', 408: 'request-timeout', 413: 'too-large', 415: 'unsupported-media-type', 429: 'rate-limited', 503: 'not-ready',
};

const RETRY_AFTER_S = '5';

const detailOf = (error: HttpException): string => {
  const answer = error.getResponse();
  if (typeof answer === 'object' && 'message' in answer && typeof answer.message === 'string') return answer.message;
  return error.message;
};

/** Errors of Fastify itself carry a status; those that blame us do not show their words. */
const statusOf = (error: unknown): number | undefined => {
  if (error instanceof HttpException) return error.getStatus();
  const status = typeof error === 'object' && error !== null && 'statusCode' in error ? Number(error.statusCode) : undefined;
  return status && status >= 400 && status < 500 ? status : undefined;
};

const answer = (what: Problem, headers: Record<string, string> = {}, unexpected = false): ProblemAnswer => ({
  problem: what,
  headers: what.status === 503 ? { 'retry-after': RETRY_AFTER_S, ...headers } : headers,
  unexpected,
});

/** What a caller is told about any error. Words of unexpected ones stay in the log, never a stack trace in an answer. */
export const problemOf = (error: unknown): ProblemAnswer => {
  if (error instanceof ProblemException) return answer(error.problem, error.headers);
  if (isHubError(error)) {
    const status = STATUS_OF[error.code];
    if (status) return answer(problem(status, error.code, error.message));
  }
  const status = statusOf(error);
  if (status && (status < 500 || status === 503)) {
    const detail = error instanceof HttpException ? detailOf(error) : (error as Error).message;
    return answer(problem(status, CODE_OF[status] ?? 'malformed', detail));
  }
  return answer(problem(500, 'internal', 'Something went wrong here. The log has the details under this correlation id.'), {}, true);
};
