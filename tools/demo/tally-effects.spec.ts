import { describe, expect, it } from 'vitest';
import { tallyEffects, type AcceptedWebhook, type PartnerEffect } from './tally-effects.ts';

const accepted = (n: number, correlationIds: string[], expects = ['slack/post-message', 'http/post']): AcceptedWebhook => ({ webhook: { n, kind: 'stripe', forged: false }, correlationIds, expects });
const slack = (correlationId: string | null): PartnerEffect => ({ partner: 'slack', action: 'post-message', correlationId });
const http = (correlationId: string | null): PartnerEffect => ({ partner: 'http', action: 'post', correlationId });

const two = [accepted(0, ['a']), accepted(1, ['b'])];
const all = [slack('a'), http('a'), slack('b'), http('b')];

describe('tallyEffects', () => {
  it('finds nothing wrong when each accepted webhook had each of its effects once', () => {
    expect(tallyEffects(two, all)).toEqual({ expected: 4, delivered: 4, lost: [], doubled: 0, unasked: 0 });
  });

  it('misses an effect that no partner has on record, and names it', () => {
    const { lost, delivered } = tallyEffects(two, all.slice(0, 3));
    expect(lost).toEqual([{ webhook: two[1]!.webhook, effect: 'http/post', correlationIds: ['b'] }]);
    expect(delivered).toBe(3);
  });

  it('misses an effect although another one happened twice: they do not make up for each other', () => {
    expect(tallyEffects(two, [slack('a'), slack('a'), http('a'), http('b')])).toMatchObject({ delivered: 3, doubled: 1, lost: [{ effect: 'slack/post-message' }] });
  });

  it('counts each effect beyond the first as a double', () => {
    expect(tallyEffects(two, [...all, slack('a'), slack('a'), http('b')])).toMatchObject({ delivered: 4, doubled: 3, lost: [] });
  });

  it('takes two flows of one webhook for a double: a twin that was accepted as new', () => {
    expect(tallyEffects([accepted(0, ['a', 'b'])], all)).toMatchObject({ expected: 2, delivered: 2, doubled: 2 });
  });

  it('counts what nobody asked for: a forged webhook that had an effect, a route that matched too much, a flow without a name', () => {
    const only = [accepted(0, ['a'], ['slack/post-message'])];
    expect(tallyEffects(only, [slack('a'), slack('forged'), http('a'), slack(null)])).toMatchObject({ delivered: 1, doubled: 0, unasked: 3 });
  });

  it('has lost everything when the partners saw nothing', () => {
    expect(tallyEffects(two, []).lost).toHaveLength(4);
  });
});
