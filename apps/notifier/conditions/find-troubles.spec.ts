import { expect, it } from 'vitest';
import type { Budget, IntegrationStatus, RecentCalls } from '#read-models';
import { CONDITION_NAMES } from './catalogue.ts';
import type { Facts } from './facts.ts';
import { findTroubles } from './find-troubles.ts';

const OPS = { partner: 'slack', integration: 'ops' };
const NONE = { calls: 0, failed: 0, refused: 0, slow: 0, dead: 0 };
const WELL: Facts = { log: { answers: true, lastGoodMs: 0 }, skewS: 0.2, lags: [], calls: [], standings: [], budgets: [], webhooks: [], queues: [], routerWaiting: 0, statuses: [], held: [] };

const calls = (more: Partial<RecentCalls['in5']>): RecentCalls[] => [{ ...OPS, in5: { ...NONE, ...more }, in10: { ...NONE, ...more }, in15: { ...NONE, ...more } }];
const standing = (...states: ('open' | 'breaker-open' | 'held' | 'refused' | 'shut')[]) => states.map((state) => ({ ...OPS, state, since: '2026-03-01T12:00:00Z' }));
const lag = (reader: string, behindS: number) => ({ reader, at: '1.1', behind: 5, behindS, movedAt: '2026-03-01T12:00:00Z' });
const queue = (lane: 'high' | 'normal', oldestS: number, depth = 3) => ({ ...OPS, lane, oldestS, depth });
const tally = (more: object) => [{ partner: 'stripe', integration: 'acme', good: 0, refused: 0, stale: 0, other: 0, ...more }];
const DAY_S = 86_400;
const held = (...segments: [category: string, heldBy: string, heldS: number][]) => ({ held: segments.map(([category, heldBy, heldS], id) => ({ id, category, heldBy, heldS })) });
const budget = (percent: number) => [{ ...OPS, calls: 10, per: 'day', spent: percent / 10, percent } as Budget];
const found = (facts: Partial<Facts>) => findTroubles({ ...WELL, ...facts }).troubles.map(({ condition, subject, what }) => `${condition.slice(9)} ${subject}: ${what}`);

it('finds nothing while all is well', () => {
  expect(findTroubles(WELL)).toEqual({ troubles: [], unknown: new Set() });
});

it.each<[Partial<Facts>, string[]]>([
  [{ calls: calls({ calls: 11, failed: 3 }) }, ['HighErrorRate slack/ops: 27 % of the calls of the last five minutes failed']],
  [{ calls: calls({ calls: 10, failed: 10 }) }, []],
  [{ calls: calls({ calls: 20, failed: 4 }) }, []],
  [{ calls: calls({ calls: 20, slow: 2 }) }, ['SlowCalls slack/ops: 10 % of the calls of the last ten minutes took longer than 5 seconds']],
  [{ calls: calls({ calls: 20, slow: 1 }) }, []],
  [{ calls: calls({ dead: 6 }) }, ['DeadLetters slack/ops: 6 dead letters in fifteen minutes']],
  [{ calls: calls({ dead: 5 }) }, []],
  [{ calls: calls({ calls: 2, failed: 2, refused: 2 }) }, ['AuthFailing slack/ops: the partner refuses our credentials']],
  [{ calls: calls({ calls: 3, failed: 2, refused: 2 }) }, []],
  [{ standings: standing('refused', 'refused') }, ['AuthFailing slack/ops: the partner refuses our credentials']],
  [{ standings: standing('breaker-open', 'breaker-open') }, ['BreakerOpen slack/ops: the breaker is open, and only single probes are sent']],
  [{ standings: standing('breaker-open', 'open') }, []],
  [{ budgets: budget(80) }, ['BudgetNearlySpent slack/ops: 80 % of the calls meant for this day are spent (8 of 10)']],
  [{ budgets: budget(79.9) }, []],
  [{ webhooks: tally({ good: 8, refused: 3 }) }, ['WebhooksRefused stripe/acme: 27 % of the webhooks of the last ten minutes were refused']],
  [{ webhooks: tally({ good: 12, refused: 3 }) }, []],
  [{ webhooks: tally({ good: 5, stale: 6 }) }, ['ClockSkew stripe/acme: most signed timestamps are too far from our clock']],
  [{ webhooks: tally({ good: 6, stale: 6 }) }, []],
  [{ skewS: -31 }, ['ClockSkew : the clocks of Postgres\' machine and of this one are 31 s apart']],
  [{ skewS: 30 }, []],
  [{ queues: [queue('high', 121), queue('normal', 900)], standings: standing('open') }, ['QueueBackingUp slack/ops/high: 3 commands wait in lane high, the oldest for 2 min']],
  [{ queues: [queue('normal', 1_000)], standings: [{ ...standing('shut')[0]!, reason: 'these variables are not set: SLACK_TOKEN' }] }, ['QueueBackingUp slack/ops/normal: 3 commands wait in lane normal, the oldest for 17 min (its connector says: these variables are not set: SLACK_TOKEN)']],
  [{ standings: [{ ...standing('refused')[0]!, reason: 'the partner refuses our credentials: no scope for ada@example.com' }] }, ['AuthFailing slack/ops: the partner refuses our credentials: no scope for [email]']],
  [{ queues: [queue('normal', 5, 1)] }, ['NoWorkers slack/ops/normal: 1 command waits in lane normal, and no connector serves the account']],
  [{ queues: [queue('normal', 5)], standings: standing('held') }, []],
  [{ routerWaiting: 1_001 }, ['RouterBehind : 1001 events wait for the router: every partner and integration is concerned']],
  [{ routerWaiting: 1_000 }, []],
  [{ lags: [lag('relay', 31), lag('projection:deliveries', 60)] }, ['RelayLagging relay: 31 s behind the log: nothing newer reaches any partner or integration']],
  [{ lags: [lag('relay', 30), lag('projection:deliveries', 8_000)] }, ['ProjectionLagging projection:deliveries: 2 h behind the log: the console shows old lists; deliveries go on']],
  [held(['inbound', 'reader relay', DAY_S], ['command', 'command 0b0c is dead', 31 * DAY_S]), []],
  [held(['inbound', 'reader relay', DAY_S + 1], ['inbound', 'busy', 3 * DAY_S]), ['SegmentsHeldBack inbound: old events stay 3 d longer than their retention: held back by busy']],
  [held(['command', 'command 0b0c is dead', 31 * DAY_S + 1]), ['SegmentsHeldBack command: old events stay 31 d longer than their retention: held back by command 0b0c is dead']],
])('of %j it finds %j', (facts, expected) => {
  expect(found(facts)).toEqual(expected);
});

it('says when it last went well, as far as the log tells', () => {
  const statuses = [{ ...OPS, lastSuccessAt: '2026-03-01T11:00:00Z' } as IntegrationStatus];
  expect(findTroubles({ ...WELL, statuses, calls: calls({ dead: 6 }) }).troubles).toMatchObject([{ lastGoodAt: '2026-03-01T11:00:00Z' }]);
  expect(findTroubles({ ...WELL, log: { answers: false, lastGoodMs: Date.parse('2026-03-01T11:30:00Z') } }).troubles).toMatchObject([{ condition: 'TrunklineLogUnavailable', lastGoodAt: '2026-03-01T11:30:00.000Z' }]);
});

it('knows nothing of most while Postgres is away, and of queues while NATS is', () => {
  expect(findTroubles({ log: { answers: false, lastGoodMs: undefined } }).unknown).toEqual(new Set(CONDITION_NAMES.filter((name) => name !== 'TrunklineLogUnavailable')));
  const { queues: _queues, routerWaiting: _waiting, ...withoutBus } = WELL;
  expect([...findTroubles(withoutBus).unknown]).toEqual(['TrunklineQueueBackingUp', 'TrunklineNoWorkers', 'TrunklineRouterBehind']);
});
