import type { ErrorCode, FailureClass } from '#contract';
import type { ApiAnswer, ApiRequest } from '../api-client.ts';
import { PartnerFailure, type FailureDetails } from '../partner-failure.ts';
import type { ExchangeError } from './exchange.ts';
import { partnerWords } from './partner-words.ts';
import { retryAfterMs } from './retry-after.ts';
import { scrub } from './scrub.ts';

/**
 * Status → class and code:
 *
 * | status            | class      | code                 |
 * |-------------------|------------|----------------------|
 * | 429               | rate-limit | partner-rate-limited |
 * | 403, none left    | rate-limit | partner-rate-limited | (GitHub's way: `x-ratelimit-remaining: 0`)
 * | 401, 403          | auth       | partner-auth-failed  |
 * | 408, 425, 5xx     | transient  | partner-error        |
 * | other 3xx and 4xx | client     | partner-refused      | (redirects are never followed)
 */
const classOf = (answer: ApiAnswer): [FailureClass, ErrorCode] => {
  const { status } = answer;
  if (status === 429 || (status === 403 && answer.headers['x-ratelimit-remaining'] === '0')) return ['rate-limit', 'partner-rate-limited'];
  if (status === 401 || status === 403) return ['auth', 'partner-auth-failed'];
  if (status === 408 || status === 425 || status >= 500) return ['transient', 'partner-error'];
  return ['client', 'partner-refused'];
};

/** A 5xx may come after the work was done; these say that it was not begun. */
const NOT_BEGUN = new Set([501, 503, 505]);

/** Where a call went, without its path: paths can be secrets. */
const target = (request: ApiRequest): string => {
  const host = /^https?:\/\/([^/?#]+)/.exec(request.url)?.[1];
  return host === undefined ? request.method : `${request.method} ${host.slice(host.lastIndexOf('@') + 1)}`;
};

/** Turns an answer that is not a success into the failure that the connector acts on. The message holds no secret of the request. */
export const classifyAnswer = (request: ApiRequest, answer: ApiAnswer, nowMs: number): PartnerFailure => {
  const [failureClass, code] = classOf(answer);
  const words = partnerWords(answer.body);
  const said = words === undefined ? '' : `: ${scrub(words, request)}`;
  return new PartnerFailure(failureClass, code, `${target(request)} answered ${answer.status}${said}`, {
    status: answer.status,
    retryAfterMs: retryAfterMs(answer.headers, nowMs),
    ...(answer.status >= 500 && !NOT_BEGUN.has(answer.status) ? { effectUnknown: true } : {}),
  });
};

/** The failure for a success whose body is not what was expected. The effect took place, so it must not be called again unresolved. */
export const unreadable = (request: ApiRequest, status: number, why: string): PartnerFailure =>
  new PartnerFailure('data', 'partner-answer-unreadable', `${target(request)} answered ${status}, but ${why}`, { status, effectUnknown: true });

/** This process, or the machine, has no file descriptor left for a connection. */
const outOfDescriptors = ({ cause, sent }: ExchangeError): boolean => !sent && ['EMFILE', 'ENFILE'].includes((cause as NodeJS.ErrnoException | undefined)?.code ?? '');

/** The failure for a call without an answer. */
export const classifyBreak = (request: ApiRequest, error: ExchangeError): PartnerFailure => {
  const details: FailureDetails = error.sent ? { effectUnknown: true } : { ...(outOfDescriptors(error) && { notAsked: 'ours' }) };
  const words = `${target(request)} ${scrub(error.message, request)}`;
  if (error.kind === 'too-large') return new PartnerFailure('data', 'partner-answer-unreadable', words, details);
  if (error.kind === 'invalid') return new PartnerFailure('client', 'partner-refused', words, details);
  return new PartnerFailure('transient', error.kind === 'timeout' ? 'partner-timeout' : 'partner-unreachable', words, details);
};
