import { createRequire } from 'node:module';
import type { InstrumentType, MetricProducer, MetricReader, PushMetricExporter } from '@opentelemetry/sdk-metrics';
import type { Environment } from '../exports-signal.ts';
import { otlpProtocol } from '../otlp-protocol.ts';
import { MOST_LABEL_SETS } from './cells.ts';

/** OpenTelemetry's metrics SDK, loaded when the first room asks for it. */
export type MetricsSdk = typeof import('@opentelemetry/sdk-metrics');

type ExporterModule = { OTLPMetricExporter: new () => PushMetricExporter };

const require = createRequire(import.meta.url);

export const loadSdk = (): MetricsSdk => require('@opentelemetry/sdk-metrics') as MetricsSdk;

/** The SDK's own limit stands behind ours, with room for `other`. */
const CARDINALITY = MOST_LABEL_SETS + 2;

const EXPORTERS = {
  grpc: '@opentelemetry/exporter-metrics-otlp-grpc',
  'http/json': '@opentelemetry/exporter-metrics-otlp-http',
  'http/protobuf': '@opentelemetry/exporter-metrics-otlp-proto',
} as const;

/** A gauge that was not read is to be absent; a cumulative one would repeat its last value for ever. */
const freshGauges = ({ AggregationTemporality: temporality, InstrumentType: types }: MetricsSdk, others: (type: InstrumentType) => number = () => temporality.CUMULATIVE) =>
  (type: InstrumentType): number => (type === types.OBSERVABLE_GAUGE ? temporality.DELTA : others(type));

/** Makes what a reader reads beside the SDK's own instruments, by how it wants histograms. */
type Beside = (temporality: number) => MetricProducer;

/** A reader that collects when it is asked to. */
export const pullReader = (sdk: MetricsSdk, beside: Beside): MetricReader => {
  class PullReader extends sdk.MetricReader {
    protected override async onForceFlush(): Promise<void> {}
    protected override async onShutdown(): Promise<void> {}
  }
  return new PullReader({ aggregationTemporalitySelector: freshGauges(sdk), cardinalitySelector: () => CARDINALITY, metricProducers: [beside(sdk.AggregationTemporality.CUMULATIVE)] });
};

const createExporter = (sdk: MetricsSdk, env: Environment) => {
  const { OTLPMetricExporter } = require(EXPORTERS[otlpProtocol(env, 'METRICS')]) as ExporterModule;
  const exporter = new OTLPMetricExporter();
  const temporality = freshGauges(sdk, exporter.selectAggregationTemporality?.bind(exporter));
  exporter.selectAggregationTemporality = temporality;
  return { exporter, ofHistograms: temporality(sdk.InstrumentType.HISTOGRAM) };
};

const positive = (text: string | undefined, fallback: number): number => (Number(text) > 0 ? Number(text) : fallback);

/** A reader that exports by OTLP every `OTEL_METRIC_EXPORT_INTERVAL` ms, a minute by default, and once more when it is shut down. */
export const otlpReader = (sdk: MetricsSdk, env: Environment, beside: Beside): MetricReader => {
  const exportIntervalMillis = positive(env['OTEL_METRIC_EXPORT_INTERVAL'], 60_000);
  const exportTimeoutMillis = Math.min(exportIntervalMillis, positive(env['OTEL_METRIC_EXPORT_TIMEOUT'], 30_000));
  const { exporter, ofHistograms } = createExporter(sdk, env);
  return new sdk.PeriodicExportingMetricReader({ exporter, exportIntervalMillis, exportTimeoutMillis, cardinalityLimits: { default: CARDINALITY }, metricProducers: [beside(ofHistograms)] });
};
