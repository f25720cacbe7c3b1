import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { problem, PROBLEM_MEDIA_TYPE } from '#contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ProblemException } from './problem-exception.ts';
import { problemOf, type ProblemAnswer } from './problem-of.ts';

/** Queries hold secrets and names of people: they are not for logs. */
const pathOf = ({ url }: FastifyRequest): string => url.split('?', 1)[0]!;

type Needs = { report(error: unknown, about: object): void; allowedMethods(path: string): string[]; newId(): string };

/** Answers every error of an HTTP room as problem+json (RFC 9457). */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly needs: Needs) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    this.answer(request, http.getResponse<FastifyReply>(), request.is404 && !(error instanceof ProblemException) ? this.noRoute(request) : problemOf(error), error);
  }

  /** Also for errors that happen before Nest: an unreadable URL, for one. */
  answer(request: FastifyRequest, reply: FastifyReply, { problem: body, headers, unexpected }: ProblemAnswer, error: unknown): void {
    if (reply.sent || reply.raw.headersSent) return this.note(request, error, undefined);
    if (unexpected) {
      body.correlationId = this.needs.newId();
      this.note(request, error, body.correlationId);
    }
    // What is still to come of a refused body is not worth reading.
    const closing = body.status === 413 ? { connection: 'close' } : {};
    void reply.code(body.status).headers({ ...headers, ...closing }).header('content-type', PROBLEM_MEDIA_TYPE).send(JSON.stringify({ ...body, requestId: request.id }));
  }

  private noRoute(request: FastifyRequest): ProblemAnswer {
    const path = pathOf(request);
    const allowed = this.needs.allowedMethods(path);
    if (allowed.length === 0) return { problem: problem(404, 'not-found', `There is nothing at ${path}.`), headers: {}, unexpected: false };
    const detail = `${path} does not take ${request.method}; it takes ${allowed.join(', ')}.`;
    return { problem: problem(405, 'method-not-allowed', detail), headers: { allow: allowed.join(', ') }, unexpected: false };
  }

  private note(request: FastifyRequest, error: unknown, correlationId: string | undefined): void {
    this.needs.report(error, { method: request.method, path: pathOf(request), requestId: request.id, correlationId });
  }
}
