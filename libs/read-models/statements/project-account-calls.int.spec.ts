import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CommandReport, CommandOutcome, IntegrationSpec } from '#contract';
import { measureBudgets } from '../queries/measure-budgets.ts';
import { sumRecentCalls } from '../queries/sum-recent-calls.ts';
import { aCommand, anOutcome, appendAll, seededLog, type SeededLog } from '../test/seeded-log.ts';

let seeded: SeededLog;
beforeAll(async () => {
  seeded = await seededLog();
});
afterAll(() => seeded.end());

const failure = (failureClass: 'transient' | 'auth' | 'client') => ({ class: failureClass, code: 'partner-error', message: 'no' });
const at = (occurredAt: string, outcome: CommandOutcome, more: Partial<CommandReport> = {}) => ({ ...anOutcome(aCommand(), 1, outcome, more), occurredAt });
const spec = (calls: number, per: 'day' | 'month'): IntegrationSpec => ({ partner: 'slack', name: 'ops', budget: { calls, per } }) as IntegrationSpec;

it('counts attempts that asked the partner, by the UTC day in which they were made, whatever the chunks', async () => {
  await appendAll(seeded.log, [
    at('2026-02-28T23:59:59.999Z', 'succeeded'),
    at('2026-03-01T00:00:00.000Z', 'succeeded'),
    at('2026-03-01T12:00:00.000Z', 'retrying', { failure: failure('auth') }),
    at('2026-03-01T12:00:00.000Z', 'dead-lettered', { failure: failure('client'), called: false }),
    at('2026-03-02T08:00:00.000Z', 'dead-lettered', { failure: failure('client'), durationMs: 5_001 }),
  ]);
  await seeded.project(2);
  const { rows } = await seeded.db.pool.query('select day::text, calls from account_days order by day');
  expect(rows).toEqual([{ day: '2026-02-28', calls: '1' }, { day: '2026-03-01', calls: '2' }, { day: '2026-03-02', calls: '1' }]);
  const { rows: minutes } = await seeded.db.pool.query(
    'select sum(calls)::int as calls, sum(failed)::int as failed, sum(refused)::int as refused, sum(slow)::int as slow, sum(dead)::int as dead from account_minutes where partner = $1', ['slack']);
  expect(minutes).toEqual([{ calls: 4, failed: 2, refused: 1, slow: 1, dead: 2 }]);
});

it('measures budgets of the day and of the month, and none of accounts without', async () => {
  const measure = (given: IntegrationSpec[], now: string) => measureBudgets(seeded.db, given, new Date(now));
  expect(await measure([spec(3, 'day'), { ...spec(10, 'month'), name: 'quiet' }, { partner: 'slack', name: 'free' } as IntegrationSpec], '2026-03-01T23:59:59Z')).toEqual([
    { partner: 'slack', integration: 'ops', calls: 3, per: 'day', spent: 2, percent: 66.6, since: '2026-03-01T00:00:00.000Z', until: '2026-03-02T00:00:00.000Z' },
    { partner: 'slack', integration: 'quiet', calls: 10, per: 'month', spent: 0, percent: 0, since: '2026-03-01T00:00:00.000Z', until: '2026-04-01T00:00:00.000Z' },
  ]);
  expect(await measure([spec(2, 'month')], '2026-03-31T00:00:00Z')).toMatchObject([{ spent: 3, percent: 150, until: '2026-04-01T00:00:00.000Z' }]);
  expect(await measure([spec(2, 'month')], '2026-02-28T00:00:00Z')).toMatchObject([{ spent: 1, percent: 50 }]);
});

it('keeps minutes for a day', async () => {
  await seeded.db.pool.query(`update account_minutes set minute = minute - interval '25 hours'`);
  await appendAll(seeded.log, [at('2026-03-02T08:00:00.000Z', 'succeeded')]);
  await seeded.project();
  expect((await seeded.db.pool.query('select calls from account_minutes')).rows).toEqual([{ calls: 1 }]);
});

it('sums what became of calls within the last minutes', async () => {
  await seeded.db.pool.query('truncate account_minutes');
  await appendAll(seeded.log, [at('2026-03-02T08:00:00.000Z', 'succeeded'), at('2026-03-02T08:00:00.000Z', 'retrying', { failure: failure('auth') })]);
  await seeded.project();
  const now = { calls: 2, failed: 1, refused: 1, slow: 0, dead: 0 };
  expect(await sumRecentCalls(seeded.db)).toEqual([{ partner: 'slack', integration: 'ops', in5: now, in10: now, in15: now }]);
  const none = { calls: 0, failed: 0, refused: 0, slow: 0, dead: 0 };
  await seeded.db.pool.query(`update account_minutes set minute = minute - interval '8 minutes'`);
  expect(await sumRecentCalls(seeded.db)).toMatchObject([{ in5: none, in10: now, in15: now }]);
  await seeded.db.pool.query(`update account_minutes set minute = minute - interval '9 minutes'`);
  expect(await sumRecentCalls(seeded.db)).toEqual([]);
});
