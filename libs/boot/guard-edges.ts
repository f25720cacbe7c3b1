import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { addressList } from './address-list.ts';
import { rateHeaders, type RateLimit } from './limit-rate.ts';
import { ProblemException } from './problem-exception.ts';

/** A limit on requests, by what its `keyOf` makes of a request; one without a key is not limited by it. */
export type RequestLimit = { name: string; limit: RateLimit; keyOf(request: FastifyRequest): string | undefined };

export type EdgeOptions = {
  /** Addresses and ranges that may call; everyone when there are none. Health is told to everyone. */
  allowFrom?: readonly string[];
  /** A request must pass each of them. Health is not limited. */
  limits?: readonly RequestLimit[];
};

/** What answers say to browsers: nothing here is a page, nobody may frame, guess, embed or keep it. */
const FOR_BROWSERS: Record<string, string> = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

const REQUEST_ID = /^[\w.:/+=-]{1,64}$/;

/** The id of a request: the caller's `X-Request-Id` where that is plain, so that a proxy's log and ours agree, else a new one. */
export const requestIdOf = ({ headers }: Pick<IncomingMessage, 'headers'>): string => {
  const given = headers['x-request-id'];
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
};

/** The headers of an answer to a browser. A door may set its own values later. */
export const edgeHeaders = (requestId: string): Record<string, string> => ({ ...FOR_BROWSERS, 'x-request-id': requestId });

/** Browsers frame, embed and keep what they got by GET. Each header costs, and webhooks come by POST: their answers get what counts there. */
const setEdgeHeaders = ({ id, method }: FastifyRequest, reply: FastifyReply): void => {
  if (method === 'POST') void reply.header('x-request-id', id).header('x-content-type-options', 'nosniff');
  else void reply.headers(edgeHeaders(id));
};

const isHealth = ({ url }: FastifyRequest): boolean => url.startsWith('/health/');

const refuseStrangers = (ranges: readonly string[]): ((request: FastifyRequest) => void) => {
  const allowed = addressList(ranges);
  return ({ ip }) => {
    if (!allowed.has(ip)) throw new ProblemException(403, 'address-refused', 'This address may not call here.');
  };
};

const refuseHaste = (limits: readonly RequestLimit[]) => (request: FastifyRequest, reply: FastifyReply): void => {
  const verdicts = limits.flatMap(({ name, limit, keyOf }) => {
    const key = keyOf(request);
    return key === undefined ? [] : [{ name, limit, verdict: limit.take(key) }];
  });
  if (verdicts.length === 0) return;
  const headers = rateHeaders(verdicts);
  void reply.headers(headers);
  const waitS = Math.max(...verdicts.map(({ verdict }) => verdict.waitS));
  if (waitS > 0) throw new ProblemException(429, 'rate-limited', `Too many requests. Come back in ${waitS} s.`, { headers: { 'retry-after': String(waitS) } });
};

/** Puts what every room needs at its edge before anything else of a request is looked at. Call it before any route is registered. */
export const guardEdges = (server: FastifyInstance, { allowFrom = [], limits = [] }: EdgeOptions): void => {
  server.addHook('onRequest', (request, reply, done) => {
    setEdgeHeaders(request, reply);
    done();
  });
  const checks = [...(allowFrom.length > 0 ? [refuseStrangers(allowFrom)] : []), ...(limits.length > 0 ? [refuseHaste(limits)] : [])];
  if (checks.length === 0) return;
  server.addHook('onRequest', async (request, reply) => {
    if (!isHealth(request)) for (const check of checks) check(request, reply);
  });
};
