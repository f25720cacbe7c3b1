import { HttpException } from '@nestjs/common';
import { problem, type ErrorCode, type Problem } from '#contract';

/** A refusal that a door throws: it is answered as problem+json, word for word. */
export class ProblemException extends HttpException {
  readonly problem: Problem;
  readonly headers: Record<string, string>;
  constructor(status: number, code: ErrorCode, detail: string, { headers = {}, ...more }: Partial<Problem> & { headers?: Record<string, string> } = {}) {
    const body = problem(status, code, detail, more);
    super(body, status);
    this.problem = body;
    this.headers = headers;
  }
}
