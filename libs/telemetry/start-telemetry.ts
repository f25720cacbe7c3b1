import { createRequire } from 'node:module';
import { context, propagation, ROOT_CONTEXT, trace, type ContextManager } from '@opentelemetry/api';
import type { SpanProcessor } from '@opentelemetry/sdk-trace';
import { exportsSignal, type Environment } from './exports-signal.ts';
import { exportSpan } from './export-span.ts';
import { flowIds } from './flow-ids.ts';
import { keepSpans } from './keep-spans.ts';
import { METRICS } from './metrics/catalogue.ts';
import { count, startMetrics } from './metrics/meters.ts';
import { sampleFlows, samplesNothing } from './sample-flows.ts';
import { readTraceSettings } from './trace-settings.ts';
import { isTracing, useSpanKeeper } from './with-span.ts';

/** What `startTelemetry` started. */
export type Telemetry = {
  /** Sends what is waiting, for at most two seconds, and switches traces and the export of metrics off. Never throws. */
  stop(): Promise<void>;
};

type TelemetryOptions = {
  room: string;
  /** The process's environment. The SDK reads the other standard `OTEL_*` variables from it by itself. */
  env: Environment;
  /** The room makes one span per flow: none is worth remembering, since no later one here could ask for it. */
  oneSpanPerFlow?: boolean;
  /** Takes the place of the OTLP exporter, and switches tracing on by itself. */
  spanProcessors?: SpanProcessor[];
};

const FLUSH_MS = 2_000;
const NOTHING: Telemetry = { stop: async () => undefined };

const serviceOf = ({ room, env }: TelemetryOptions): string => env['OTEL_SERVICE_NAME'] || `trunkline-${room}`;

/**
 * What the API does without a manager. Spans are told where they belong, so nothing has to be carried through the process.
 */
const noContext: ContextManager = {
  active: () => ROOT_CONTEXT,
  with: (_context, work, self, ...values) => work.call(self!, ...values),
  bind: (_context, target) => target,
  enable: () => noContext,
  disable: () => noContext,
};

/**
 * Starts metrics, and tracing when `OTEL_EXPORTER_OTLP_ENDPOINT` (or its `_TRACES_` form) is set; otherwise tracing does nothing
 * and loads nothing. A process has one: a second call before the first is stopped does nothing. Sampling, batching and headers
 * follow the standard `OTEL_*` variables; failures and slow flows go out whatever the sampler says. Throws `config-invalid`.
 */
export const startTelemetry = (options: TelemetryOptions): Telemetry => {
  const [traces, metrics] = [startTracing(options), startMetrics(serviceOf(options), options.env)];
  return { stop: async () => void (await Promise.all([traces.stop(), within(FLUSH_MS, metrics.stop())])) };
};

const startTracing = (options: TelemetryOptions): Telemetry => {
  const { env, spanProcessors } = options;
  if (isTracing() || samplesNothing(env) || (spanProcessors === undefined && !exportsSignal(env, 'TRACES'))) return NOTHING;
  const sampled = sampleFlows(env);
  const settings = readTraceSettings(env, options.oneSpanPerFlow ? { heldSpans: 0 } : {});
  const require = createRequire(import.meta.url);
  const { NodeSDK } = require('@opentelemetry/sdk-node') as typeof import('@opentelemetry/sdk-node');
  const { envDetector } = require('@opentelemetry/resources') as typeof import('@opentelemetry/resources');
  const { AlwaysOnSampler } = require('@opentelemetry/sdk-trace') as typeof import('@opentelemetry/sdk-trace');
  const sdk = new NodeSDK({
    serviceName: serviceOf(options),
    idGenerator: flowIds,
    contextManager: noContext,
    // It is given what was decided to go out, and nothing else.
    sampler: new AlwaysOnSampler(),
    spanProcessors,
    metricReaders: [],
    logRecordProcessors: [],
    resourceDetectors: [envDetector],
  });
  sdk.start();
  const emit = exportSpan(trace.getTracer('trunkline'));
  const keeper = keepSpans({ sampled, emit, note: (fate, spans) => count(METRICS.traceSpans, { fate }, spans), settings });
  useSpanKeeper(keeper);
  return {
    stop: async () => {
      useSpanKeeper(undefined);
      keeper.stop();
      await within(FLUSH_MS, sdk.shutdown());
      for (const api of [trace, context, propagation]) api.disable();
    },
  };
};

/** A collector that is away must not fail a stop: the SDK has already told its own diagnostics. */
const within = async (ms: number, work: Promise<unknown>): Promise<void> => {
  const { promise: late, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  await Promise.race([work.catch(() => undefined), late]);
  clearTimeout(timer);
};
