import { readFileSync } from 'node:fs';
import { METRICS, type Metric } from '#telemetry';
import { expect, it } from 'vitest';
import { metricsPage } from './metrics-page.ts';

const page = metricsPage();

it('is what docs/metrics.md says (else run: npm run docs)', () => {
  expect(readFileSync(new URL('../../docs/metrics.md', import.meta.url), 'utf8')).toBe(page);
});

it.each(Object.values(METRICS).map((metric): [string, Metric] => [metric.name, metric]))('%s is named as Prometheus wants it, and documented once', (name, metric) => {
  expect(name).toMatch(/^trunkline_[a-z]+(_[a-z]+)+$/);
  expect(name.endsWith('_total')).toBe(metric.kind === 'counter');
  for (const unit of ['seconds', 'bytes', 'percent']) expect(name.replace(/_total$/, '').endsWith(`_${unit}`), unit).toBe(metric.unit === unit);
  expect(metric.buckets !== undefined).toBe(metric.kind === 'histogram');
  // Reserved for summaries and histograms.
  for (const reserved of ['quantile', 'le', 'job', 'instance']) expect(Object.keys(metric.labels)).not.toContain(reserved);
  expect(metric.about).toMatch(/^[A-Z1].*\.$/);
  expect(page.split(`| \`${name}\` |`)).toHaveLength(2);
});
