import { ValueType, type HrTime } from '@opentelemetry/api';
import type { HistogramMetricData, MetricProducer } from '@opentelemetry/sdk-metrics';
import type { Resource } from '@opentelemetry/resources';
import { hrTimeOf } from '../hr-time.ts';
import type { Cell, Cells } from './cells.ts';
import { emptyDistribution, seenSince, type Distribution } from './distribution.ts';
import { ucumOf, type Metric } from './metric.ts';
import type { MetricsSdk } from './readers.ts';

type Point = HistogramMetricData['dataPoints'][number];
type Tell = (cell: Cell<Distribution>, now: HrTime) => Point;

const valueOf = ({ bounds, counts, ...rest }: Distribution): Point['value'] => ({ buckets: { boundaries: [...bounds], counts: [...counts] }, ...rest });

const fromTheBeginning = (began: HrTime): Tell => ({ labels, value }, now) => ({ startTime: began, endTime: now, attributes: labels, value: valueOf(value) });

const sinceLastTime = (began: HrTime): Tell => {
  const told = new Map<Cell<Distribution>, { at: HrTime; value: Distribution }>();
  return (cell, now) => {
    const before = told.get(cell) ?? { at: began, value: emptyDistribution(cell.value.bounds) };
    told.set(cell, { at: now, value: { ...cell.value, counts: [...cell.value.counts] } });
    return { startTime: before.at, endTime: now, attributes: cell.labels, value: valueOf(seenSince(cell.value, before.value)) };
  };
};

type Source = { sdk: MetricsSdk; resource: Resource; metrics: readonly Metric<'histogram'>[]; cells: Cells<Distribution> };

/**
 * Gives one of the SDK's readers the histograms that the SDK does not keep. `temporality` is what this reader wants: all since the process
 * began, or what came since it last asked.
 */
export const tellHistograms = ({ sdk, resource, metrics, cells }: Source, temporality: number): MetricProducer => {
  const began = hrTimeOf(Date.now());
  const tell = temporality === sdk.AggregationTemporality.DELTA ? sinceLastTime(began) : fromTheBeginning(began);
  const told = (metric: Metric<'histogram'>, now: HrTime): HistogramMetricData => ({
    descriptor: { name: metric.name, description: metric.about, unit: ucumOf(metric), valueType: ValueType.DOUBLE },
    aggregationTemporality: temporality,
    dataPointType: sdk.DataPointType.HISTOGRAM,
    dataPoints: cells.of(metric).map((cell) => tell(cell, now)),
  });
  return {
    collect: async () => {
      const now = hrTimeOf(Date.now());
      const seen = metrics.filter((metric) => cells.of(metric).length > 0).map((metric) => told(metric, now));
      return { resourceMetrics: { resource, scopeMetrics: [{ scope: { name: 'trunkline' }, metrics: seen }] }, errors: [] };
    },
  };
};
