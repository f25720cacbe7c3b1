import { createRequire } from 'node:module';
import type { Meter, ObservableGauge } from '@opentelemetry/api';
import { describeService } from '../describe-service.ts';
import { exportsSignal, type Environment } from '../exports-signal.ts';
import { METRICS } from './catalogue.ts';
import type { Cells } from './cells.ts';
import type { Distribution } from './distribution.ts';
import { ucumOf, type Metric } from './metric.ts';
import { observeProcess } from './observe-process.ts';
import type { Observers } from './observers.ts';
import { loadSdk, otlpReader, pullReader } from './readers.ts';
import { tellHistograms } from './tell-histograms.ts';

/** `cells` keep counters and gauges. */
export type MetersOptions = { service: string; env: Environment; cells: Cells<number>; histograms: Cells<Distribution>; observers: Observers };

/** A process's meter provider with its instruments. */
export type Meters = {
  /** Every metric, in Prometheus' text format 0.0.4. */
  text(): Promise<string>;
  /** Exports once more by OTLP when that is on. */
  stop(): Promise<void>;
};

const catalogue: readonly Metric[] = Object.values(METRICS);

const isHistogram = (metric: Metric): metric is Metric<'histogram'> => metric.kind === 'histogram';

const optionsOf = (metric: Metric) => ({ description: metric.about, unit: ucumOf(metric) });

/** Counters are read like gauges: what a room does to count is an addition, whatever the SDK costs. Histograms are told apart (`tellHistograms`). */
const createObservables = (meter: Meter): Map<Metric, ObservableGauge> =>
  new Map(
    catalogue
      .filter((metric) => !isHistogram(metric))
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
  const sdk = loadSdk();
  const resource = describeService(options.service);
  const histograms = (temporality: number) => tellHistograms({ sdk, resource, metrics: catalogue.filter(isHistogram), cells: options.histograms }, temporality);
  const pull = pullReader(sdk, histograms);
  const readers = exportsSignal(options.env, 'METRICS') ? [pull, otlpReader(sdk, options.env, histograms)] : [pull];
  const provider = new sdk.MeterProvider({ resource, readers });
  const meter = provider.getMeter('trunkline');
  const processWatch = observeProcess();
  const forget = options.observers.add(processWatch.read);
  watch(meter, options);
  // The scrape's own labels say which process it was.
  const serializer = new PrometheusSerializer(undefined, false, undefined, true, true);
  return {
    text: together(async () => `${serializer.serialize((await pull.collect()).resourceMetrics).trimEnd()}\n`),
    stop: () =>
      provider.shutdown().finally(() => {
        forget();
        processWatch.stop();
      }),
  };
};
