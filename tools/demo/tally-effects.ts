import type { Webhook } from './plan-traffic.ts';

/** What a partner has on its own record: something happened there, in the flow with this correlation id. */
export type PartnerEffect = { partner: string; action: string; correlationId: string | null };

/** A webhook that was answered with 2xx, with every correlation id that an answer to it named, and what must come of it. */
export type AcceptedWebhook = { webhook: Webhook; correlationIds: readonly string[]; expects: readonly string[] };

/** An effect that a webhook should have had and that no partner has on record. */
export type Missing = { webhook: Webhook; effect: string; correlationIds: readonly string[] };

export type Tally = {
  expected: number;
  /** Expected effects that are on record. */
  delivered: number;
  lost: Missing[];
  /** Effects beyond the first of one webhook. */
  doubled: number;
  /** Effects that no accepted webhook asked for. */
  unasked: number;
};

const nameOf = ({ partner, action }: PartnerEffect): string => `${partner}/${action}`;

/**
 * Holds the partners' own record against what was accepted. Knows nothing of the hub's log or its command ids: only what
 * senders were told (2xx and a correlation id) and what partners saw happen.
 */
export const tallyEffects = (accepted: readonly AcceptedWebhook[], effects: readonly PartnerEffect[]): Tally => {
  const owners = new Map(accepted.flatMap((one) => one.correlationIds.map((id) => [id, one] as const)));
  const counts = new Map(accepted.map((one) => [one, new Map(one.expects.map((effect) => [effect, 0]))]));
  let unasked = 0;
  for (const effect of effects) {
    const owner = owners.get(effect.correlationId ?? '');
    const own = owner && counts.get(owner);
    const before = own?.get(nameOf(effect));
    if (own === undefined || before === undefined) unasked += 1;
    else own.set(nameOf(effect), before + 1);
  }
  const all = [...counts].flatMap(([{ webhook, correlationIds }, own]) => [...own].map(([effect, times]) => ({ webhook, correlationIds, effect, times })));
  const lost = all.filter(({ times }) => times === 0).map(({ webhook, effect, correlationIds }) => ({ webhook, effect, correlationIds }));
  const doubled = all.reduce((sum, { times }) => sum + Math.max(0, times - 1), 0);
  return { expected: all.length, delivered: all.length - lost.length, lost, doubled, unasked };
};
