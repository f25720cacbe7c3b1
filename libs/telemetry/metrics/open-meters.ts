import { createRequire } from 'node:module';
import type { Histogram, Meter, ObservableGauge } from '@opentelemetry/api';
import { exportsSignal, type Environment } from '../exports-signal.ts';
import { METRICS } from './catalogue.ts';
import type { Cells } from './cells.ts';
import type { Metric } from './metric.ts';
import { observeProcess } from './observe-process.ts';
import type { Observers } from './observers.ts';
import { loadSdk, otlpReader, pullReader } from './readers.ts';

export type MetersOptions = { service: string; env: Environment; cells: Cells; observers: Observers };

/** A process's meter provider with its instruments. */
export type Meters = {
  /** Every metric, in Prometheus' text format 0.0.4. */
  text(): Promise<string>;
  record(metric: Metric<'histogram'>, labels: Readonly<Record<string, string>>, value: number): void;
  /** Exports once more by OTLP when that is on. */
  stop(): Promise<void>;
};

/** OpenTelemetry writes units by UCUM; what is only counted has none. */
const UNITS: Record<string, string> = { seconds: 's', bytes: 'By', percent: '%' };

const catalogue: readonly Metric[] = Object.values(METRICS);

const optionsOf = ({ about, unit, buckets }: Metric) => ({ description: about, unit: UNITS[unit] ?? '', advice: buckets && { explicitBucketBoundaries: [...buckets] } });

const createHistograms = (meter: Meter): Map<Metric, Histogram> =>
  new Map(catalogue.filter(({ kind }) => kind === 'histogram').map((metric) => [metric, meter.createHistogram(metric.name, optionsOf(metric))]));

/** Counters are read like gauges: what a room does to count is an addition, whatever the SDK costs. */
const createObservables = (meter: Meter): Map<Metric, ObservableGauge> =>
  new Map(
    catalogue
      .filter(({ kind }) => kind !== 'histogram')
      .map((metric) => [metric, metric.kind === 'counter' ? meter.createObservableCounter(metric.name, optionsOf(metric)) : meter.createObservableGauge(metric.name, optionsOf(metric))]),
  );

const watch = (meter: Meter, { cells, observers }: MetersOptions): void => {
  const observables = createObservables(meter);
  meter.addBatchObservableCallback(async (result) => {
    const readings = await observers.readAll();
    for (const { metric, labels, value } of readings) result.observe(observables.get(metric)!, value, labels);
    for (const [metric, observable] of observables) for (const { labels, value } of cells.of(metric)) result.observe(observable, value, labels);
  }, [...observables.values()]);
};

/** Those who look at the same moment share one look. */
const together = <T>(work: () => Promise<T>): (() => Promise<T>) => {
  let underWay: Promise<T> | undefined;
  return () => (underWay ??= work().finally(() => (underWay = undefined)));
};

/** Opens a meter provider that is read by whoever asks for its text, and by OTLP when the environment says so. */
export const openMeters = (options: MetersOptions): Meters => {
  const require = createRequire(import.meta.url);
  const { PrometheusSerializer } = require('@opentelemetry/exporter-prometheus') as typeof import('@opentelemetry/exporter-prometheus');
  const resources = require('@opentelemetry/resources') as typeof import('@opentelemetry/resources');
  const sdk = loadSdk();
  const pull = pullReader(sdk);
  const readers = exportsSignal(options.env, 'METRICS') ? [pull, otlpReader(sdk, options.env)] : [pull];
  const resource = resources.defaultResource()
    .merge(resources.detectResources({ detectors: [resources.envDetector] }))
    .merge(resources.resourceFromAttributes({ 'service.name': options.service }));
  const provider = new sdk.MeterProvider({ resource, readers });
  const meter = provider.getMeter('trunkline');
  const histograms = createHistograms(meter);
  const processWatch = observeProcess();
  const forget = options.observers.add(processWatch.read);
  watch(meter, options);
  // The scrape's own labels say which process it was.
  const serializer = new PrometheusSerializer(undefined, false, undefined, true, true);
  return {
    text: together(async () => `${serializer.serialize((await pull.collect()).resourceMetrics).trimEnd()}\n`),
    record: (metric, labels, value) => histograms.get(metric)?.record(value, labels),
    stop: () =>
      provider.shutdown().finally(() => {
        forget();
        processWatch.stop();
      }),
  };
};
