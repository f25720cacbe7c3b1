import { format } from 'node:util';
import { diag, DiagLogLevel } from '@opentelemetry/api';
import type { SpanProcessor } from '@opentelemetry/sdk-trace';
import { asReadableSpan } from './as-readable-span.ts';
import { describeService } from './describe-service.ts';
import { exportsSignal, type Environment } from './exports-signal.ts';
import { inBursts } from './in-bursts.ts';
import { keepSpans } from './keep-spans.ts';
import { METRICS } from './metrics/catalogue.ts';
import { count, startMetrics } from './metrics/meters.ts';
import { openSpanExporter } from './open-span-exporter.ts';
import { sampleFlows, samplesNothing } from './sample-flows.ts';
import type { SpanRecord } from './span-record.ts';
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

/** Making the exporter's spans is several times quicker for many at once than for one now and then, between all that a room does. */
const BURST = { most: 64, withinMs: 500 };
const ONE_BY_ONE = { most: 1, withinMs: 0 };
const after = (ms: number, run: () => void): void => void setTimeout(run, ms).unref();
const NOTHING: Telemetry = { stop: async () => undefined };

const serviceOf = ({ room, env }: TelemetryOptions): string => env['OTEL_SERVICE_NAME'] || `trunkline-${room}`;

const say = (...words: unknown[]): void => void process.stderr.write(`${format(...words)}\n`);

/** What the SDK has to say, such as that the collector refuses spans, goes to standard error from the level `OTEL_LOG_LEVEL` on; without it, nowhere. */
const showDiagnostics = (env: Environment): void => {
  const logLevel = DiagLogLevel[(env['OTEL_LOG_LEVEL'] ?? '').trim().toUpperCase() as keyof typeof DiagLogLevel];
  if (logLevel === undefined) return;
  const logger = { error: say, warn: say, info: say, debug: say, verbose: say };
  diag.setLogger(logger, { logLevel, suppressOverrideMessage: true });
};

/**
 * Starts metrics, and tracing when `OTEL_EXPORTER_OTLP_ENDPOINT` (or its `_TRACES_` form) is set; otherwise tracing does nothing
 * and loads nothing. A process has one: a second call before the first is stopped does nothing. Sampling, batching and headers
 * follow the standard `OTEL_*` variables; failures and slow flows go out whatever the sampler says. Throws `config-invalid`.
 */
export const startTelemetry = (options: TelemetryOptions): Telemetry => {
  showDiagnostics(options.env);
  const [traces, metrics] = [startTracing(options), startMetrics(serviceOf(options), options.env)];
  return {
    stop: async () => {
      await Promise.all([traces.stop(), within(FLUSH_MS, metrics.stop())]);
      diag.disable();
    },
  };
};

const startTracing = (options: TelemetryOptions): Telemetry => {
  const { env, spanProcessors } = options;
  if (isTracing() || samplesNothing(env) || (spanProcessors === undefined && !exportsSignal(env, 'TRACES'))) return NOTHING;
  const sampled = sampleFlows(env);
  const settings = readTraceSettings(env, options.oneSpanPerFlow ? { heldSpans: 0 } : {});
  const exporters = spanProcessors ?? [openSpanExporter(env)];
  const resource = describeService(serviceOf(options));
  const passOn = (record: SpanRecord): void => {
    const span = asReadableSpan(record, resource);
    for (const exporter of exporters) exporter.onEnd(span);
  };
  const { put, flush } = inBursts(passOn, { ...(spanProcessors ? ONE_BY_ONE : BURST), after });
  const keeper = keepSpans({ sampled, emit: put, note: (fate, spans) => count(METRICS.traceSpans, { fate }, spans), settings });
  useSpanKeeper(keeper);
  return {
    stop: async () => {
      useSpanKeeper(undefined);
      keeper.stop();
      flush();
      await within(FLUSH_MS, Promise.all(exporters.map((exporter) => exporter.shutdown())));
    },
  };
};

/** A collector that is away must not fail a stop. */
const within = async (ms: number, work: Promise<unknown>): Promise<void> => {
  const { promise: late, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  await Promise.race([work.catch((error: unknown) => diag.error('telemetry was not sent when it was stopped', error)), late]);
  clearTimeout(timer);
};
