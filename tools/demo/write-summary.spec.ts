import { describe, expect, it } from 'vitest';
import type { Kind, Webhook } from './plan-traffic.ts';
import type { Answers } from './send-deliveries.ts';
import { tallyEffects, type PartnerEffect } from './tally-effects.ts';
import { resultOf, writeSummary, type Findings } from './write-summary.ts';

const webhook = (n: number, forged = false, kind: Kind = 'slack'): Webhook => ({ n, kind, forged });
const genuine = [webhook(0), webhook(1)];
const forged = webhook(2, true);
const effect = (correlationId: string): PartnerEffect => ({ partner: 'stripe', action: 'create-customer', correlationId });

const findings = (effects: PartnerEffect[], more: Partial<Answers> = {}): Findings => {
  const answers: Answers = { accepted: new Map(genuine.map((one) => [one, new Set([`flow-${one.n}`])])), duplicates: 1, refused: new Map([[forged, 401]]), unanswered: new Set(), ...more };
  const accepted = [...answers.accepted].filter(([one]) => !one.forged).map(([one, ids]) => ({ webhook: one, correlationIds: [...ids], expects: ['stripe/create-customer'] }));
  return {
    webhooks: 3, deliveries: 4, answers, tally: tallyEffects(accepted, effects), explained: ['stripe create-customer: dead after 3 attempts'],
    totals: { calls: 3, effects: 2, deduplicated: 0, failed: 1, dropped: 0 }, counts: { commands: 2, attempts: 3 }, seconds: 1.23,
  };
};
const kept = [effect('flow-0'), effect('flow-1')];

describe('the result', () => {
  it('is good when every accepted webhook had its effect once and every forged one was refused', () => {
    expect(resultOf(findings(kept))).toMatchObject({ ok: true, accepted: 2, duplicates: 1, refused: 1, commands: 2, attempts: 3, delivered: 2, lost: 0, doubled: 0, unasked: 0, misjudged: 0 });
  });

  it.each([
    ['an effect is missing', findings(kept.slice(1)), { lost: 1 }],
    ['an effect happened twice', findings([...kept, effect('flow-1')]), { doubled: 1 }],
    ['something happened that nobody asked for', findings([...kept, effect('elsewhere')]), { unasked: 1 }],
    ['a forged webhook was accepted', findings(kept, { accepted: new Map([...genuine, forged].map((one) => [one, new Set([`flow-${one.n}`])])) }), { misjudged: 1 }],
    ['a genuine webhook was refused', findings(kept, { refused: new Map([[genuine[0]!, 401]]) }), { misjudged: 1 }],
    ['a webhook was never answered', findings(kept, { unanswered: new Set([forged]) }), { misjudged: 1 }],
  ])('is bad when %s', (_why, found, more) => {
    expect(resultOf(found)).toMatchObject({ ok: false, ...more });
  });
});

describe('the summary', () => {
  it('fits 80 columns, and has no colours unless asked', () => {
    const text = writeSummary(findings([]), false);
    expect(text.split('\n').filter((line) => line.length > 80)).toEqual([]);
    expect(text).not.toContain('\x1b');
    expect(writeSummary(findings(kept), true)).toContain('\x1b[32m');
    expect(writeSummary(findings([]), true)).toContain('\x1b[31m');
  });

  it('names what was lost, and what the hub says of it', () => {
    const text = writeSummary(findings(kept.slice(1)), false);
    expect(text).toContain('lost: stripe/create-customer of slack webhook 0 (flow-0)');
    expect(text).toContain('the hub says: stripe create-customer: dead after 3 attempts');
    expect(text).not.toContain('Nothing was lost');
  });
});
