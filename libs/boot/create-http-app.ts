import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { DynamicModule, LoggerService, Type } from '@nestjs/common';
import { HubError } from '#contract';
import { describeError, maskRecord } from '#telemetry';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { addressList } from './address-list.ts';
import { boundConnections } from './descriptors.ts';
import { watchRoutes } from './allowed-methods.ts';
import { edgeHeaders, guardEdges, requestIdOf, type EdgeOptions } from './guard-edges.ts';
import { limitDepth } from './limit-depth.ts';
import { ProblemFilter } from './problem-filter.ts';
import { problemOf } from './problem-of.ts';
import { refuseConnection } from './refuse-connection.ts';
import { serveMetrics } from './serve-metrics.ts';
import { validateInput } from './validate-input.ts';

export type HttpOptions = EdgeOptions & {
  /** Bytes; larger bodies are answered with 413. Default 1 MiB. */
  bodyLimit?: number;
  /** Connections at once; more are closed unanswered. Fewer when the process may not open as many files. Default 1,000. */
  maxConnections?: number;
  /** How long the head of a request may take to arrive. Default 10 s. */
  headWithinMs?: number;
  /** How long a whole request may take to arrive. Default 30 s. */
  requestWithinMs?: number;
  /** Addresses and ranges of proxies whose `X-Forwarded-For` is believed; nobody's by default. */
  trustedProxies?: readonly string[];
  /** Told every unexpected error. Default: one JSON line each on standard error. */
  report?(error: unknown, about: object): void;
};

const mask = maskRecord();

const reportPlainly = (error: unknown, about: object): void => {
  const line = { level: 'error', time: new Date().toISOString(), ...mask({ ...about, err: describeError(error) }), msg: 'unexpected error' };
  process.stderr.write(`${JSON.stringify(line)}\n`);
};

/** Nest's own words, only what went wrong. Nest has one logger per process, not per room. */
const NEST_LOGGER: LoggerService = {
  log: () => undefined,
  warn: (message: unknown) => reportPlainly(message, { from: 'nest' }),
  error: (message: unknown, stack?: unknown) => reportPlainly(message instanceof Error ? message : (stack ?? message), { from: 'nest', message: String(message) }),
};

/** Deeper JSON than this is nobody's who means well. */
const DEEPEST_JSON = 32;

const trust = (proxies: readonly string[] = []): false | ((address: string) => boolean) => proxies.length > 0 && addressList(proxies).has;

const createAdapter = (options: HttpOptions, filter: () => ProblemFilter): FastifyAdapter =>
  new FastifyAdapter({
    bodyLimit: options.bodyLimit ?? 1024 * 1024,
    trustProxy: trust(options.trustedProxies),
    genReqId: (request: IncomingMessage) => requestIdOf(request),
    routerOptions: { maxParamLength: 256 },
    // Slow senders are cut off; Node looks for them every second.
    http: { headersTimeout: options.headWithinMs ?? 10_000, requestTimeout: options.requestWithinMs ?? 30_000, connectionsCheckingInterval: 1_000 },
    requestTimeout: options.requestWithinMs ?? 30_000,
    keepAliveTimeout: 72_000,
    forceCloseConnections: 'idle',
    clientErrorHandler: refuseConnection,
    // No hook has run by then.
    frameworkErrors: (error: unknown, request: FastifyRequest, reply: FastifyReply) =>
      filter().answer(request, reply.headers(edgeHeaders(request.id)), problemOf(error), error),
  });

/**
 * Nest on Fastify as every HTTP room wants it: problem+json for every error (Fastify's own too, never a stack trace), a request id
 * and security headers on every answer, no CORS, input classes validated, slow senders cut off, closing drains, `/metrics`. Not yet
 * listening: see `listenOn`. The request's body is parsed as JSON of at most 32 levels, which a room may replace before listening.
 */
export const createHttpApp = async (module: Type | DynamicModule, options: HttpOptions = {}): Promise<NestFastifyApplication> => {
  const report = options.report ?? reportPlainly;
  const adapter = createAdapter(options, () => filter);
  const filter = new ProblemFilter({ report, allowedMethods: watchRoutes(adapter.getInstance()), newId: randomUUID });
  guardEdges(adapter.getInstance(), options);
  limitDepth(adapter.getInstance(), DEEPEST_JSON);
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, { logger: NEST_LOGGER, abortOnError: false, bodyParser: false });
  app.useGlobalFilters(filter);
  app.useGlobalPipes(validateInput());
  serveMetrics(adapter.getInstance());
  boundConnections(app.getHttpServer(), options.maxConnections ?? 1_000, (words) => report(new Error(words), { from: 'http' }));
  return app;
};

/** Starts to answer, and returns where (port 0: any free one). Throws `port-taken`, naming the variable to set, when another program has the port. */
export const listenOn = async (app: NestFastifyApplication, port: number, variable: string, host = '0.0.0.0'): Promise<string> => {
  try {
    await app.init();
    // Not app.listen: that one also logs what we are about to say in plain words.
    await app.getHttpAdapter().getInstance().listen({ port, host });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new HubError('port-taken', `Port ${port} is taken by another program. Stop it, or set ${variable} to a free port.`, { cause: error });
  }
  const { port: actual } = app.getHttpServer().address() as { port: number };
  return `http://${host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host}:${actual}`;
};
