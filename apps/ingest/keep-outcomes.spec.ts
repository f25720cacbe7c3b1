import { describe, expect, it } from 'vitest';
import { keepOutcomes, type RefusedSample } from './keep-outcomes.ts';

const sample = (at: string, more: Partial<RefusedSample> = {}): RefusedSample => ({
  at, correlationId: 'c', requestId: 'r', partner: 'acme', integration: 'main', cause: 'signature-refused', detail: 'd', remoteAddress: '::1', contentType: '', bytes: 1, headerNames: [], ...more,
});
const at = (index: number) => new Date(Date.parse('2026-01-01T00:00:00Z') + index * 100).toISOString();

describe('keepOutcomes', () => {
  it('counts what it no longer keeps samples of', () => {
    const keeper = keepOutcomes(() => 0, () => undefined);
    for (let index = 0; index < 1000; index++) {
      keeper.count('acme', 'main', true, 'signature-refused');
      keeper.keep(sample(at(index)), true);
    }
    const report = keeper.report();
    expect(report.outcomes).toEqual([{ partner: 'acme', integration: 'main', outcome: 'signature-refused', count: 1000 }]);
    expect(report.refused).toBe(1000);
    expect(report.samples.map((kept) => kept.at)).toEqual(Array.from({ length: 10 }, (_, index) => at(999 - index)));
  });

  it('does not grow with the names that strangers make up', () => {
    const keeper = keepOutcomes(() => 0, () => undefined);
    for (let index = 0; index < 1000; index++) {
      keeper.count(`p${index}`, 'x', false, 'unknown-partner');
      keeper.keep(sample(at(index), { partner: `p${index}`, cause: 'unknown-partner' }), false);
    }
    expect(keeper.report().outcomes).toEqual([{ partner: '-', integration: '-', outcome: 'unknown-partner', count: 1000 }]);
    expect(keeper.report().samples).toHaveLength(10);
  });

  it('does not let one noisy cause push out the samples of another', () => {
    const keeper = keepOutcomes(() => 0, () => undefined);
    keeper.keep(sample(at(0), { cause: 'malformed' }), true);
    for (let index = 1; index < 500; index++) keeper.keep(sample(at(index)), true);
    expect(keeper.report().samples.at(-1)?.cause).toBe('malformed');
  });

  it('asks for one log line a second for each kind', () => {
    const keeper = keepOutcomes(() => 0, () => undefined);
    const kept = Array.from({ length: 20 }, (_, index) => keeper.keep(sample(at(index)), true));
    expect(kept.filter(Boolean)).toHaveLength(2);
    expect(keeper.keep(sample(at(19), { cause: 'malformed' }), true)).toBe(true);
  });

  it('does not call answered webhooks refused', () => {
    const keeper = keepOutcomes(() => 0, () => undefined);
    for (const outcome of ['accepted', 'duplicate', 'handshake'] as const) keeper.count('acme', 'main', true, outcome);
    expect(keeper.report()).toMatchObject({ refused: 0, outcomes: [{ count: 1 }, { count: 1 }, { count: 1 }] });
  });
});
