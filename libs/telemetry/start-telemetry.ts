import { createRequire } from 'node:module';
import { context, propagation, trace } from '@opentelemetry/api';
import type { SpanProcessor } from '@opentelemetry/sdk-trace';
import { flowIds } from './flow-ids.ts';
import { isTracing, useTracer } from './with-span.ts';

/** What `startTelemetry` started. */
export type Telemetry = {
  /** Sends what is waiting, for at most two seconds, and switches tracing off. Never throws. */
  stop(): Promise<void>;
};

type TelemetryOptions = {
  room: string;
  /** The process's environment. The SDK reads the other standard `OTEL_*` variables from it by itself. */
  env: Record<string, string | undefined>;
  /** Takes the place of the OTLP exporter, and switches tracing on by itself. */
  spanProcessors?: SpanProcessor[];
};

const FLUSH_MS = 2_000;
const NOTHING: Telemetry = { stop: async () => undefined };

const exportsTraces = (env: TelemetryOptions['env']): boolean =>
  Boolean(env['OTEL_EXPORTER_OTLP_ENDPOINT'] || env['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT']) &&
  env['OTEL_SDK_DISABLED'] !== 'true' &&
  env['OTEL_TRACES_EXPORTER'] !== 'none';

/**
 * Starts tracing when `OTEL_EXPORTER_OTLP_ENDPOINT` (or its `_TRACES_` form) is set; otherwise does nothing and loads nothing.
 * A process has one: a second call before the first is stopped does nothing. Sampling, batching and headers follow the standard `OTEL_*` variables.
 */
export const startTelemetry = ({ room, env, spanProcessors }: TelemetryOptions): Telemetry => {
  if (isTracing() || (spanProcessors === undefined && !exportsTraces(env))) return NOTHING;
  const require = createRequire(import.meta.url);
  const { NodeSDK } = require('@opentelemetry/sdk-node') as typeof import('@opentelemetry/sdk-node');
  const { envDetector } = require('@opentelemetry/resources') as typeof import('@opentelemetry/resources');
  const sdk = new NodeSDK({
    serviceName: env['OTEL_SERVICE_NAME'] || `trunkline-${room}`,
    idGenerator: flowIds,
    spanProcessors,
    metricReaders: [],
    logRecordProcessors: [],
    resourceDetectors: [envDetector],
  });
  sdk.start();
  useTracer(trace.getTracer('trunkline'));
  return { stop: () => stopWithin(FLUSH_MS, sdk) };
};

const stopWithin = async (ms: number, sdk: { shutdown(): Promise<void> }): Promise<void> => {
  const { promise: late, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  // A collector that is away must not fail a stop: the SDK has already told its own diagnostics.
  await Promise.race([sdk.shutdown().catch(() => undefined), late]);
  clearTimeout(timer);
  useTracer(undefined);
  for (const api of [trace, context, propagation]) api.disable();
};
