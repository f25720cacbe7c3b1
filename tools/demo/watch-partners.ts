import type { PartnerEffect } from './tally-effects.ts';

/** The sandbox's own count over all partners. */
export type PartnerTotals = { calls: number; effects: number; deduplicated: number; failed: number; dropped: number };

type Role = { calls: number; effects: number; deduplicated: number; faults: { failed: number; dropped: number } };
type RoleWithEffects = Role & { latestEffects: { action: string; correlationId: string | null }[] };

const recordOf = async <R extends Role>(sandboxUrl: string, query = ''): Promise<Record<string, R>> => {
  const answer = await fetch(`${sandboxUrl}/_sandbox/record${query}`);
  return ((await answer.json()) as { partners: Record<string, R> }).partners;
};

/** How much the partners have seen so far. */
export const readTotals = async (sandboxUrl: string): Promise<PartnerTotals> => {
  const totals: PartnerTotals = { calls: 0, effects: 0, deduplicated: 0, failed: 0, dropped: 0 };
  for (const { calls, effects, deduplicated, faults } of Object.values(await recordOf(sandboxUrl))) {
    totals.calls += calls;
    totals.effects += effects;
    totals.deduplicated += deduplicated;
    totals.failed += faults.failed;
    totals.dropped += faults.dropped;
  }
  return totals;
};

/** Everything that happened at the partners, one by one. */
export const readEffects = async (sandboxUrl: string): Promise<PartnerEffect[]> =>
  Object.entries(await recordOf<RoleWithEffects>(sandboxUrl, '?ids=1')).flatMap(([partner, role]) =>
    role.latestEffects.map(({ action, correlationId }) => ({ partner, action, correlationId })),
  );

/** Half of the failing calls do nothing; the other half do what was asked, and the connection breaks before the answer. */
const FAULTS = { failRate: 0.05, dropAfterEffect: 0.05 };

/** Makes these partners fail 10 % of their calls, each in an order of its own that the seed decides. */
export const orderFaults = async (sandboxUrl: string, partners: readonly string[], seed: number): Promise<void> => {
  for (const [at, partner] of partners.entries()) {
    const answer = await fetch(`${sandboxUrl}/_sandbox/faults`, { method: 'PUT', body: JSON.stringify({ partner, ...FAULTS, seed: seed * 10 + at }) });
    if (!answer.ok) throw new Error(`The sandbox refused the faults: ${await answer.text()}`);
  }
};
