import { readFileSync } from 'node:fs';
import { METRICS, type Metric } from '#telemetry';
import { expect, it } from 'vitest';
import { dashboard } from './dashboard.ts';

type Panel = { id: number; type: string; gridPos: { h: number; w: number; x: number; y: number }; targets?: { expr: string }[] };

const text = dashboard();
const { panels } = JSON.parse(text) as { panels: Panel[] };
const expressions = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
const catalogue: Metric[] = Object.values(METRICS);

it('is what deploy/grafana/trunkline.json says (else run: npm run docs)', () => {
  expect(readFileSync(new URL('../../deploy/grafana/trunkline.json', import.meta.url), 'utf8')).toBe(text);
});

it('shows every metric of the catalogue, and no other', () => {
  const named = new Set(expressions.flatMap((expr) => [...expr.matchAll(/\btrunkline_[a-z_]+/g)].map(([name]) => name.replace(/_bucket$/, ''))));
  expect([...named].sort()).toEqual(catalogue.map(({ name }) => name).sort());
});

it('asks for rates of counters, and for three percentiles of histograms', () => {
  for (const { name, kind } of catalogue) {
    const own = expressions.filter((expr) => new RegExp(`\\b${name}(_bucket)?\\b`).test(expr));
    expect(own, name).toHaveLength(kind === 'histogram' ? 3 : 1);
    expect(own.every((expr) => expr.includes('rate(')), name).toBe(kind !== 'gauge');
  }
});

it('gives each panel a place and a number of its own', () => {
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  const places = new Set(panels.map(({ gridPos }) => `${gridPos.x} ${gridPos.y}`));
  expect(places.size).toBe(panels.length);
  for (const { gridPos } of panels) expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
});
