import { metersNothing, type Environment } from '../exports-signal.ts';
import { createCells } from './cells.ts';
import { addSize, emptyDistribution } from './distribution.ts';
import type { LabelsOf, Metric } from './metric.ts';
import { createObservers, type Read } from './observers.ts';
import { openMeters, type Meters } from './open-meters.ts';

/** How long a look waits for a database or a bus that does not answer. */
const READ_WITHIN_MS = 2_000;

const cells = createCells(() => 0);
const histograms = createCells(({ buckets = [] }) => emptyDistribution(buckets));
const observers = createObservers(READ_WITHIN_MS);

let running: Meters | undefined;
let started = false;
/** Metrics are switched off: nothing is kept, read or told. */
let off = false;

const open = (service: string, env: Environment): Meters => openMeters({ service, env, cells, histograms, observers });

/** A room that did not start its telemetry is metered all the same; only OTLP needs the environment. */
const current = (): Meters => (running ??= open('trunkline', {}));

/** Adds to a counter. Costs a look into a map per label; 0 makes it known before the first time, so that its increase can be seen. */
export const count = <M extends Metric<'counter'>>(metric: M, labels: LabelsOf<M>, by = 1): void => {
  if (!off) cells.at(metric, labels).value += by;
};

/** Sets a gauge, which stays so until it is set again. */
export const set = <M extends Metric<'gauge'>>(metric: M, labels: LabelsOf<M>, value: number): void => {
  if (!off) cells.at(metric, labels).value = value;
};

/** Records one size or duration, in the metric's unit. */
export const record = <M extends Metric<'histogram'>>(metric: M, labels: LabelsOf<M>, value: number): void => {
  if (!off) addSize(histograms.at(metric, labels).value, value);
};

/**
 * Reads values whenever somebody looks, until the returned function is called. A read that fails or takes longer than two
 * seconds leaves its values out; while one hangs, no other is begun.
 */
export const observe = (read: Read): (() => void) => (off ? () => undefined : observers.add(read));

/** Every metric of this process, in Prometheus' text format 0.0.4; undefined when metrics are switched off. Answers within little more than two seconds. */
export const scrapeMetrics = async (): Promise<string | undefined> => (off ? undefined : current().text());

/** What is left of them when the environment switches metrics off. */
const switchOff = (): { stop(): Promise<void> } => {
  [off, started] = [true, true];
  return { stop: async () => void ([off, started] = [false, false]) };
};

/**
 * Names this process's meters, and exports them by OTLP when the environment says so, or switches them off.
 * A process has one: see `startTelemetry`.
 */
export const startMetrics = (service: string, env: Environment): { stop(): Promise<void> } => {
  if (started) return { stop: async () => undefined };
  if (metersNothing(env)) return switchOff();
  const before = running;
  const mine = open(service, env);
  [running, started] = [mine, true];
  return {
    stop: async () => {
      [running, started] = [undefined, false];
      await Promise.all([before?.stop(), mine.stop()]);
    },
  };
};
