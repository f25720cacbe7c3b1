import { maskText } from '#telemetry';
import type { Facts, Trouble } from './facts.ts';

/** What a condition finds: undefined when what it goes by is not known now. */
export type Found = Omit<Trouble, 'condition'>[] | undefined;

type Account = { partner: string; integration: string };

const MIN_CALLS = 10;
const SLOW_S = 5;
const DEAD_LETTERS = 5;
const NEARLY_SPENT_PERCENT = 80;

const percent = (share: number): string => `${Math.round(share * 100)} %`;

export const accountName = ({ partner, integration }: Account): string => `${partner}/${integration}`;

/** When a command of the account last succeeded, as far as the log tells. */
export const lastSuccess = ({ statuses }: Facts, account: Account): string | undefined =>
  statuses?.find((status) => status.partner === account.partner && status.integration === account.integration)?.lastSuccessAt;

const about = (facts: Facts, account: Account, what: string) => ({ subject: accountName(account), what, lastGoodAt: lastSuccess(facts, account) });

export const highErrorRate = (facts: Facts): Found =>
  facts.calls?.filter(({ in5 }) => in5.calls > MIN_CALLS && in5.failed / in5.calls > 0.2).map((account) => {
    const { calls, failed } = account.in5;
    return about(facts, account, `${percent(failed / calls)} of the calls of the last five minutes failed`);
  });

export const slowCalls = (facts: Facts): Found =>
  facts.calls?.filter(({ in10 }) => in10.calls > MIN_CALLS && in10.slow / in10.calls > 0.05)
    .map((account) => about(facts, account, `${percent(account.in10.slow / account.in10.calls)} of the calls of the last ten minutes took longer than ${SLOW_S} seconds`));

export const deadLetters = (facts: Facts): Found =>
  facts.calls?.filter(({ in15 }) => in15.dead > DEAD_LETTERS).map((account) => about(facts, account, `${account.in15.dead} dead letters in fifteen minutes`));

/** What a connector says counts at once; what calls came to counts where several connectors serve the account and some still say otherwise. */
export const authFailing = (facts: Facts): Found => {
  const { calls, standings } = facts;
  if (calls === undefined || standings === undefined) return undefined;
  const byCalls: Account[] = calls.filter(({ in5, in10 }) => in10.refused > 1 && in5.calls - in5.failed === 0);
  const bySaying = standings.filter(({ state }) => state === 'refused');
  const accounts = new Map([...byCalls, ...bySaying].map((account) => [accountName(account), account]));
  return [...accounts.entries()].map(([name, account]) => {
    const reason = bySaying.find((standing) => accountName(standing) === name)?.reason;
    return about(facts, account, maskText(reason ?? 'the partner refuses our credentials'));
  });
};

/** An account that another connector still serves is not in trouble. */
export const breakerOpen = (facts: Facts): Found =>
  facts.standings?.filter(({ state }) => state === 'breaker-open')
    .filter((one) => !facts.standings!.some((other) => accountName(other) === accountName(one) && other.state === 'open'))
    .map((account) => about(facts, account, 'the breaker is open, and only single probes are sent'))
    .filter(({ subject }, at, all) => all.findIndex((one) => one.subject === subject) === at);

export const budgetNearlySpent = (facts: Facts): Found =>
  facts.budgets?.filter(({ percent: spent }) => spent >= NEARLY_SPENT_PERCENT)
    .map((budget) => about(facts, budget, `${Math.floor(budget.percent)} % of the calls meant for this ${budget.per} are spent (${budget.spent} of ${budget.calls})`));

const lastWebhook = ({ statuses }: Facts, account: Account): string | undefined =>
  statuses?.find((status) => status.partner === account.partner && status.integration === account.integration)?.lastReceivedAt;

export const webhooksRefused = (facts: Facts): Found =>
  facts.webhooks?.flatMap((tally) => {
    const total = tally.good + tally.refused + tally.stale + tally.other;
    if (total <= MIN_CALLS || tally.refused / total <= 0.2) return [];
    return [{ subject: accountName(tally), what: `${percent(tally.refused / total)} of the webhooks of the last ten minutes were refused`, lastGoodAt: lastWebhook(facts, tally) }];
  });

/** Signed times that are too far off, by the integration that they came to. */
export const staleTimestamps = (facts: Facts): Found =>
  facts.webhooks?.filter(({ good, stale }) => stale > 5 && stale / (stale + good) > 0.5)
    .map((tally) => ({ subject: accountName(tally), what: 'most signed timestamps are too far from our clock', lastGoodAt: lastWebhook(facts, tally) }));
