import { ERROR_CODES } from '#contract';

export type FuzzAnswer = { status: number; contentType: string; body: string };

const parsed = (body: string): unknown => {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
};

const judgeProblem = ({ status, contentType, body }: FuzzAnswer): string | undefined => {
  if (!contentType.startsWith('application/problem+json')) return `an error as ${contentType || 'nothing'} and not as application/problem+json`;
  const problem = parsed(body) as { status?: number; cause?: string; detail?: string } | undefined;
  if (problem === undefined) return 'a problem that is no JSON';
  if (problem.status !== status) return `a problem that says ${problem.status} in an answer of ${status}`;
  if (!(ERROR_CODES as readonly string[]).includes(problem.cause ?? '')) return `the cause "${problem.cause}", which docs/errors.md does not know`;
  if (!problem.detail) return 'a problem without a detail';
  return /\.[cm]?[jt]s:\d+:\d+/.test(body) ? 'a stack trace' : undefined;
};

/** What is wrong with an answer, in words; undefined when it is as every answer has to be. */
export const judgeAnswer = (method: string, answer: FuzzAnswer): string | undefined => {
  if (answer.status >= 500) return `a ${answer.status}`;
  if (method === 'HEAD') return undefined;
  if (answer.status >= 400) return judgeProblem(answer);
  if (answer.contentType.startsWith('application/json') && parsed(answer.body) === undefined) return 'JSON that is none';
  return undefined;
};
