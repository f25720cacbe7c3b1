import { expect, it } from 'vitest';
import { seededRandom } from '../../apps/sandbox/seeded-random.ts';
import { KINDS, planTraffic } from './plan-traffic.ts';

it('forges 5 % of the webhooks and sends 20 % of them twice, none of them both', () => {
  const { webhooks, deliveries } = planTraffic(500, seededRandom(1));
  const twins = deliveries.filter(({ attempt }) => attempt === 2);
  expect([webhooks.length, webhooks.filter(({ forged }) => forged).length, twins.length, deliveries.length]).toEqual([500, 25, 100, 600]);
  expect(twins.every(({ webhook }) => !webhook.forged)).toBe(true);
  expect(new Set(deliveries.map(({ webhook, attempt }) => `${webhook.n}/${attempt}`)).size).toBe(600);
});

it('sends each kind about as often', () => {
  const { webhooks } = planTraffic(500, seededRandom(1));
  for (const kind of KINDS) expect(webhooks.filter((webhook) => webhook.kind === kind).length).toBeGreaterThan(165);
});

it('sends a twin after its webhook', () => {
  const { deliveries } = planTraffic(500, seededRandom(3));
  for (const [at, { webhook, attempt }] of deliveries.entries()) {
    if (attempt === 2) expect(deliveries.findIndex((other) => other.webhook === webhook)).toBeLessThan(at);
  }
});

it('is the same plan for the same seed, and another one for another', () => {
  const plan = (seed: number) => JSON.stringify(planTraffic(100, seededRandom(seed)));
  expect(plan(1)).toBe(plan(1));
  expect(plan(1)).not.toBe(plan(2));
});

it('makes do with a single webhook', () => {
  expect(planTraffic(1, seededRandom(1)).deliveries).toHaveLength(1);
});
