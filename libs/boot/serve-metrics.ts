import { problem, PROBLEM_MEDIA_TYPE } from '#contract';
import { scrapeMetrics } from '#telemetry';
import type { FastifyInstance } from 'fastify';
import { isNear } from './is-near.ts';

const TEXT_FORMAT = 'text/plain; version=0.0.4; charset=utf-8';

/** Answers `/metrics` for Prometheus while metrics are on, from near by only: partners reach the same port, and names and volumes are not theirs to know. */
export const serveMetrics = (server: FastifyInstance): void => {
  server.get('/metrics', async (request, reply) => {
    const text = isNear(request) ? await scrapeMetrics() : undefined;
    if (text !== undefined) return reply.header('content-type', TEXT_FORMAT).send(text);
    return reply.code(404).header('content-type', PROBLEM_MEDIA_TYPE).send(JSON.stringify(problem(404, 'not-found', 'There is nothing at /metrics.')));
  });
};
