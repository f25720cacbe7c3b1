import { rateHeaders } from '#boot';
import { INGEST_OUTCOMES, problem, PROBLEM_MEDIA_TYPE } from '#contract';
import type { FastifyReply } from 'fastify';
import type { Receipt, Refusal } from './webhook-stages.ts';

const JSON_TYPE = 'application/json; charset=utf-8';

/** Writes what became of a request as its HTTP answer: JSON, the partner's own greeting format, or problem+json. */
export const writeAnswer = (reply: FastifyReply, receipt: Receipt, correlationId: string): FastifyReply => {
  if ('detail' in receipt) return writeRefusal(reply, receipt, correlationId);
  if (receipt.outcome === 'handshake') {
    return reply.code(200).header('content-type', receipt.contentType).send(receipt.body);
  }
  const { outcome, eventId, correlationId: original } = receipt;
  reply.code(INGEST_OUTCOMES[outcome]).header('content-type', JSON_TYPE);
  return reply.send(`{"status":"${outcome}","eventId":"${eventId}","correlationId":"${original}"}`);
};

const writeRefusal = (reply: FastifyReply, { outcome, detail, retryAfterS, rate }: Refusal, correlationId: string): FastifyReply => {
  const status = outcome === 'method-not-allowed' ? 405 : INGEST_OUTCOMES[outcome];
  reply.code(status).header('content-type', PROBLEM_MEDIA_TYPE);
  if (retryAfterS !== undefined) reply.header('retry-after', String(retryAfterS));
  if (rate !== undefined) reply.headers(rateHeaders([rate]));
  if (outcome === 'method-not-allowed') reply.header('allow', 'POST');
  // What is still to come of an oversized body is not worth reading.
  if (outcome === 'too-large') reply.header('connection', 'close');
  return reply.send(JSON.stringify(problem(status, outcome, detail, { correlationId, requestId: reply.request.id })));
};
