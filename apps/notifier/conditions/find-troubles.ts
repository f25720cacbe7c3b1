import { authFailing, breakerOpen, budgetNearlySpent, deadLetters, highErrorRate, slowCalls, webhooksRefused, type Found } from './account-conditions.ts';
import { CONDITION_NAMES, type ConditionName } from './catalogue.ts';
import type { Facts, Trouble } from './facts.ts';
import { clockSkew, logUnavailable, noWorkers, projectionLagging, queueBackingUp, relayLagging, routerBehind, segmentsHeldBack } from './hub-conditions.ts';

const FIND: Record<ConditionName, (facts: Facts) => Found> = {
  TrunklineHighErrorRate: highErrorRate,
  TrunklineWebhooksRefused: webhooksRefused,
  TrunklineAuthFailing: authFailing,
  TrunklineSlowCalls: slowCalls,
  TrunklineDeadLetters: deadLetters,
  TrunklineBreakerOpen: breakerOpen,
  TrunklineBudgetNearlySpent: budgetNearlySpent,
  TrunklineClockSkew: clockSkew,
  TrunklineQueueBackingUp: queueBackingUp,
  TrunklineNoWorkers: noWorkers,
  TrunklineRouterBehind: routerBehind,
  TrunklineRelayLagging: relayLagging,
  TrunklineProjectionLagging: projectionLagging,
  TrunklineSegmentsHeldBack: segmentsHeldBack,
  TrunklineLogUnavailable: logUnavailable,
};

/** What holds now, and of which conditions nobody knows. */
export type Findings = { troubles: Trouble[]; unknown: ReadonlySet<string> };

/** Looks at every condition. One whose facts are missing is unknown: neither does it hold, nor is it over. */
export const findTroubles = (facts: Facts): Findings => {
  const unknown = new Set<string>();
  const troubles = CONDITION_NAMES.flatMap((condition) => {
    const found = FIND[condition](facts);
    if (found === undefined) unknown.add(condition);
    return (found ?? []).map((trouble) => ({ condition, ...trouble }));
  });
  return { troubles, unknown };
};
