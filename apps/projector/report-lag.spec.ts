import { expect, it } from 'vitest';
import { reportLag } from './report-lag.ts';

const lag = (reader: string, behindS: number) => ({ reader, at: '1.1', behind: 3, behindS, movedAt: '2026-03-01T00:00:00Z' });
const holder = { pid: 7, application: 'report', state: 'idle in transaction', openS: 90, query: 'select 1' };

it('reports projections that are too far behind, with who may hold them back', async () => {
  const reported: unknown[] = [];
  await reportLag({
    measure: async () => [lag('projection:deliveries', 11), lag('projection:event-feed', 10), lag('relay', 60)],
    horizonHolder: async () => holder,
    tooOldMs: 10_000,
    report: (late, by) => reported.push([late.reader, by?.pid]),
  })();
  expect(reported).toEqual([['projection:deliveries', 7]]);
});
