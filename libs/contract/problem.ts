import type { ErrorCode } from './error-codes.ts';

/** RFC 9457 problem details. `cause` is the stable code; `detail` says what happened and what to do. */
export type Problem = {
  type: string;
  title: string;
  status: number;
  detail: string;
  cause: ErrorCode;
  correlationId?: string;
  /** The same as the answer's `X-Request-Id`. */
  requestId?: string;
  /** With `validation-failed`: what is wrong where. */
  errors?: { path: string; message: string }[];
};

export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

const sentence = (code: string): string => code.charAt(0).toUpperCase() + code.slice(1).replaceAll('-', ' ');

/** Builds the body of an error answer; `type` names the code; docs/errors.md has a paragraph for each. */
export const problem = (status: number, cause: ErrorCode, detail: string, more: Partial<Problem> = {}): Problem => ({
  type: `urn:trunkline:error:${cause}`,
  title: sentence(cause),
  status,
  detail,
  cause,
  ...more,
});
