import { resourceFromAttributes } from '@opentelemetry/resources';
import { AggregationTemporality, type HistogramMetricData } from '@opentelemetry/sdk-metrics';
import { expect, it } from 'vitest';
import { createCells } from './cells.ts';
import { addSize, emptyDistribution } from './distribution.ts';
import type { Metric } from './metric.ts';
import { loadSdk } from './readers.ts';
import { tellHistograms } from './tell-histograms.ts';

const took: Metric<'histogram'> = { kind: 'histogram', name: 'took_seconds', unit: 'seconds', about: 'How long it took.', labels: { class: 'bounded' }, buckets: [1, 5] };
const never: Metric<'histogram'> = { ...took, name: 'never_seconds' };

const opened = (temporality: AggregationTemporality) => {
  const cells = createCells(({ buckets = [] }) => emptyDistribution(buckets));
  const producer = tellHistograms({ sdk: loadSdk(), resource: resourceFromAttributes({}), metrics: [took, never], cells }, temporality);
  const told = async (): Promise<HistogramMetricData[]> => (await producer.collect()).resourceMetrics.scopeMetrics.flatMap(({ metrics }) => metrics as HistogramMetricData[]);
  return { see: (...sizes: number[]) => sizes.forEach((size) => addSize(cells.at(took, { class: 'ok' }).value, size)), told };
};
const valuesOf = (metrics: HistogramMetricData[]) => metrics.map(({ dataPoints }) => dataPoints.map(({ value: { buckets, count, sum } }) => ({ counts: buckets.counts, count, sum })));

it('tells what was seen, the bounds with their buckets, and nothing of what was never seen', async () => {
  const { see, told } = opened(AggregationTemporality.CUMULATIVE);
  see(0.5, 1, 1.5, 5, 5.5);
  const [metric, ...others] = await told();
  expect(others).toEqual([]);
  expect(metric).toMatchObject({ descriptor: { name: 'took_seconds', description: 'How long it took.', unit: 's' }, aggregationTemporality: AggregationTemporality.CUMULATIVE });
  expect(metric!.dataPoints).toMatchObject([{ attributes: { class: 'ok' }, value: { buckets: { boundaries: [1, 5], counts: [2, 2, 1] }, count: 5, sum: 13.5 } }]);
});

it('goes on from the beginning, or from the last time, as it was asked to; what was told stays as it is', async () => {
  const [whole, since] = [opened(AggregationTemporality.CUMULATIVE), opened(AggregationTemporality.DELTA)];
  for (const { see } of [whole, since]) see(0.5, 7);
  const first = [await whole.told(), await since.told()];
  for (const { see } of [whole, since]) see(2);
  expect(first.map(valuesOf)).toEqual(Array(2).fill([[{ counts: [1, 0, 1], count: 2, sum: 7.5 }]]));
  expect(valuesOf(await whole.told())).toEqual([[{ counts: [1, 1, 1], count: 3, sum: 9.5 }]]);
  const [second] = await since.told();
  expect(valuesOf([second!])).toEqual([[{ counts: [0, 1, 0], count: 1, sum: 2 }]]);
  expect(second!.dataPoints[0]!.startTime).toEqual(first[1]![0]!.dataPoints[0]!.endTime);
});
