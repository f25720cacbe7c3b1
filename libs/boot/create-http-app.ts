import { randomUUID } from 'node:crypto';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { DynamicModule, LoggerService, Type } from '@nestjs/common';
import { HubError } from '#contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { watchRoutes } from './allowed-methods.ts';
import { ProblemFilter } from './problem-filter.ts';
import { problemOf } from './problem-of.ts';
import { refuseConnection } from './refuse-connection.ts';
import { serveMetrics } from './serve-metrics.ts';
import { validateInput } from './validate-input.ts';

export type HttpOptions = {
  /** Bytes; larger bodies are answered with 413. Default 1 MiB. */
  bodyLimit?: number;
  /** How long the head of a request may take to arrive. Default 10 s. */
  headWithinMs?: number;
  /** How long a whole request may take to arrive. Default 30 s. */
  requestWithinMs?: number;
  /** Told every unexpected error. Default: one JSON line each on standard error. */
  report?(error: unknown, about: object): void;
};

const reportPlainly = (error: unknown, about: object): void => {
  const line = { level: 'error', time: new Date().toISOString(), ...about, err: error instanceof Error ? error.stack : String(error), msg: 'unexpected error' };
  process.stderr.write(`${JSON.stringify(line)}\n`);
};

/** Nest's own words, only what went wrong. Nest has one logger per process, not per room. */
const NEST_LOGGER: LoggerService = {
  log: () => undefined,
  warn: (message: unknown) => reportPlainly(message, { from: 'nest' }),
  error: (message: unknown, stack?: unknown) => reportPlainly(message instanceof Error ? message : (stack ?? message), { from: 'nest', message: String(message) }),
};

const createAdapter = (options: HttpOptions, filter: () => ProblemFilter): FastifyAdapter =>
  new FastifyAdapter({
    bodyLimit: options.bodyLimit ?? 1024 * 1024,
    routerOptions: { maxParamLength: 256 },
    // Slow senders are cut off; Node looks for them every second.
    http: { headersTimeout: options.headWithinMs ?? 10_000, requestTimeout: options.requestWithinMs ?? 30_000, connectionsCheckingInterval: 1_000 },
    requestTimeout: options.requestWithinMs ?? 30_000,
    keepAliveTimeout: 72_000,
    forceCloseConnections: 'idle',
    clientErrorHandler: refuseConnection,
    frameworkErrors: (error: unknown, request: FastifyRequest, reply: FastifyReply) => filter().answer(request, reply, problemOf(error), error),
  });

/**
 * Nest on Fastify as every HTTP room wants it: problem+json for every error (Fastify's own too, never a stack trace), input
 * classes validated, slow senders cut off, closing drains, `/metrics`. Not yet listening: see `listenOn`. The request's body is parsed by
 * Fastify's own JSON parser, which a room may replace before listening.
 */
export const createHttpApp = async (module: Type | DynamicModule, options: HttpOptions = {}): Promise<NestFastifyApplication> => {
  const report = options.report ?? reportPlainly;
  const adapter = createAdapter(options, () => filter);
  const filter = new ProblemFilter({ report, allowedMethods: watchRoutes(adapter.getInstance()), newId: randomUUID });
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, { logger: NEST_LOGGER, abortOnError: false, bodyParser: false });
  app.useGlobalFilters(filter);
  app.useGlobalPipes(validateInput());
  serveMetrics(adapter.getInstance());
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
