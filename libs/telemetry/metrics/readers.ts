import { createRequire } from 'node:module';
import type { InstrumentType, MetricReader, PushMetricExporter } from '@opentelemetry/sdk-metrics';
import type { Environment } from '../exports-signal.ts';
import { MOST_LABEL_SETS } from './cells.ts';

/** OpenTelemetry's metrics SDK, loaded when the first room asks for it. */
export type MetricsSdk = typeof import('@opentelemetry/sdk-metrics');

type ExporterModule = { OTLPMetricExporter: new () => PushMetricExporter };

const require = createRequire(import.meta.url);

export const loadSdk = (): MetricsSdk => require('@opentelemetry/sdk-metrics') as MetricsSdk;

/** The SDK's own limit stands behind ours, with room for `other`. */
const CARDINALITY = MOST_LABEL_SETS + 2;

const EXPORTERS: Record<string, string> = {
  grpc: '@opentelemetry/exporter-metrics-otlp-grpc',
  'http/json': '@opentelemetry/exporter-metrics-otlp-http',
  'http/protobuf': '@opentelemetry/exporter-metrics-otlp-proto',
};

/** A gauge that was not read is to be absent; a cumulative one would repeat its last value for ever. */
const freshGauges = ({ AggregationTemporality: temporality, InstrumentType: types }: MetricsSdk, others: (type: InstrumentType) => number = () => temporality.CUMULATIVE) =>
  (type: InstrumentType): number => (type === types.OBSERVABLE_GAUGE ? temporality.DELTA : others(type));

/** A reader that collects when it is asked to. */
export const pullReader = (sdk: MetricsSdk): MetricReader => {
  class PullReader extends sdk.MetricReader {
    protected override async onForceFlush(): Promise<void> {}
    protected override async onShutdown(): Promise<void> {}
  }
  return new PullReader({ aggregationTemporalitySelector: freshGauges(sdk), cardinalitySelector: () => CARDINALITY });
};

const createExporter = (sdk: MetricsSdk, env: Environment): PushMetricExporter => {
  const protocol = env['OTEL_EXPORTER_OTLP_METRICS_PROTOCOL'] || env['OTEL_EXPORTER_OTLP_PROTOCOL'] || 'http/protobuf';
  const { OTLPMetricExporter } = require(EXPORTERS[protocol] ?? EXPORTERS['http/protobuf']!) as ExporterModule;
  const exporter = new OTLPMetricExporter();
  exporter.selectAggregationTemporality = freshGauges(sdk, exporter.selectAggregationTemporality?.bind(exporter));
  return exporter;
};

const positive = (text: string | undefined, fallback: number): number => (Number(text) > 0 ? Number(text) : fallback);

/** A reader that exports by OTLP every `OTEL_METRIC_EXPORT_INTERVAL` ms, a minute by default, and once more when it is shut down. */
export const otlpReader = (sdk: MetricsSdk, env: Environment): MetricReader => {
  const exportIntervalMillis = positive(env['OTEL_METRIC_EXPORT_INTERVAL'], 60_000);
  const exportTimeoutMillis = Math.min(exportIntervalMillis, positive(env['OTEL_METRIC_EXPORT_TIMEOUT'], 30_000));
  return new sdk.PeriodicExportingMetricReader({ exporter: createExporter(sdk, env), exportIntervalMillis, exportTimeoutMillis, cardinalityLimits: { default: CARDINALITY } });
};
