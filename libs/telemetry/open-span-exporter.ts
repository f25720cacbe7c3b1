import { createRequire } from 'node:module';
import type { SpanExporter, SpanProcessor } from '@opentelemetry/sdk-trace';
import { HubError } from '#contract';
import { exportersOf, type Environment } from './exports-signal.ts';
import { otlpProtocol } from './otlp-protocol.ts';

type ExporterModule = { OTLPTraceExporter: new () => SpanExporter };

const require = createRequire(import.meta.url);

const EXPORTERS = {
  grpc: '@opentelemetry/exporter-trace-otlp-grpc',
  'http/json': '@opentelemetry/exporter-trace-otlp-http',
  'http/protobuf': '@opentelemetry/exporter-trace-otlp-proto',
} as const;

const whole = (text: string | undefined): number | undefined => (text !== undefined && /^\s*\d+\s*$/.test(text) ? Number(text) : undefined);

const requireOtlp = (env: Environment): void => {
  const others = exportersOf(env, 'TRACES').filter((name) => name !== 'otlp');
  if (others.length > 0) throw new HubError('config-invalid', `OTEL_TRACES_EXPORTER must be otlp or none, and names "${others.join(', ')}".`);
};

/**
 * What takes spans and sends them by OTLP in batches, as `OTEL_EXPORTER_OTLP_*` and `OTEL_BSP_*` say. Loads the parts of the SDK that it
 * needs and no other: all of it would be another 20 MB of memory per room (docs/decisions/0051). Throws `config-invalid`.
 */
export const openSpanExporter = (env: Environment): SpanProcessor => {
  requireOtlp(env);
  const { BatchSpanProcessor } = require('@opentelemetry/sdk-trace') as typeof import('@opentelemetry/sdk-trace');
  const { OTLPTraceExporter } = require(EXPORTERS[otlpProtocol(env, 'TRACES')]) as ExporterModule;
  return new BatchSpanProcessor({
    exporter: new OTLPTraceExporter(),
    maxQueueSize: whole(env['OTEL_BSP_MAX_QUEUE_SIZE']),
    scheduledDelayMillis: whole(env['OTEL_BSP_SCHEDULE_DELAY']),
    exportTimeoutMillis: whole(env['OTEL_BSP_EXPORT_TIMEOUT']),
    maxExportBatchSize: whole(env['OTEL_BSP_MAX_EXPORT_BATCH_SIZE']),
  });
};
