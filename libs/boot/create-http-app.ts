import { randomUUID } from 'node:crypto';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { DynamicModule, LoggerService, Type } from '@nestjs/common';
import { HubError } from '#contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { watchRoutes } from './allowed-methods.ts';
import { ProblemFilter, type BootLogger } from './problem-filter.ts';
import { refuseConnection } from './refuse-connection.ts';
import { validateInput } from './validate-input.ts';

export type HttpOptions = {
  /** Bytes; larger bodies are answered with 413. Default 1 MiB. */
  bodyLimit?: number;
  /** How long the head of a request may take to arrive. Default 10 s. */
  headWithinMs?: number;
  /** How long a whole request may take to arrive. Default 30 s. */
  requestWithinMs?: number;
  /** Where unexpected errors are noted. Default: one JSON line each on standard error. */
  logger?: BootLogger;
};

const write = (level: string) => (details: object, message: string): void => {
  const line = { level, time: new Date().toISOString(), ...details, msg: message };
  process.stderr.write(`${JSON.stringify(line, (_key, value: unknown) => (value instanceof Error ? value.stack : value))}\n`);
};
const plainLogger: BootLogger = { error: write('error'), warn: write('warn') };

/** Nest's own words: only what went wrong. */
const nestLogger = (logger: BootLogger): LoggerService => ({
  log: () => undefined,
  warn: (message: unknown) => logger.warn({}, String(message)),
  error: (message: unknown, stack?: unknown) => logger.error({ err: message instanceof Error ? message : stack }, String(message)),
});

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
    frameworkErrors: (error: unknown, request: FastifyRequest, reply: FastifyReply) => filter().send(request, reply, error),
  });

/**
 * Nest on Fastify as every HTTP room wants it: problem+json for every error (Fastify's own too, never a stack trace), input
 * classes validated, slow senders cut off, closing drains. Not yet listening: see `listen`. The request's body is parsed by
 * Fastify's own JSON parser, which a room may replace before listening.
 */
export const createHttpApp = async (module: Type | DynamicModule, options: HttpOptions = {}): Promise<NestFastifyApplication> => {
  const logger = options.logger ?? plainLogger;
  const adapter = createAdapter(options, () => filter);
  const filter = new ProblemFilter({ logger, allowedMethods: watchRoutes(adapter.getInstance()), newId: randomUUID });
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, { logger: nestLogger(logger), abortOnError: false, bodyParser: false });
  app.useGlobalFilters(filter);
  app.useGlobalPipes(validateInput());
  return app;
};

/** Starts to answer, and returns where (port 0: any free one). Throws `port-taken`, naming `env`, when another program has the port. */
export const listen = async (app: NestFastifyApplication, { port, host = '0.0.0.0', env }: { port: number; host?: string; env: string }): Promise<string> => {
  try {
    await app.listen(port, host);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new HubError('port-taken', `Port ${port} is taken by another program. Stop it, or set ${env} to another one.`, { cause: error });
  }
  const { port: actual } = app.getHttpServer().address() as { port: number };
  return `http://${host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host}:${actual}`;
};
