import type { IntegrationSpec } from '#contract';
import type { Partner } from '#partner-kit';
import { ACCOUNT_STATES, count, METRICS, observe, TOKEN_OUTCOMES, type AccountState, type Put, type TokenOutcome } from '#telemetry';
import type { Account } from './accounts.ts';

/** The one word for how an account stands now. */
export const stateOf = ({ shut, gate }: Account): AccountState => (shut === undefined ? (gate.closed()?.why ?? 'open') : 'shut');

const tell = (put: Put, account: Account): void => {
  const { partner, name, limits } = account.spec;
  const labels = { partner, integration: name };
  const now = stateOf(account);
  for (const state of ACCOUNT_STATES) put(METRICS.accountState, { ...labels, state }, state === now ? 1 : 0);
  put(METRICS.limiterWaiting, labels, account.pacer.waiting());
  put(METRICS.limitUse, labels, (100 * account.pacer.running()) / limits.concurrency);
};

/** Tells how each account stands whenever metrics are looked at, until the returned function is called. */
export const meterAccounts = (accounts: () => Account[]): (() => void) => observe((put) => accounts().forEach((account) => tell(put, account)));

/** Makes the counters of dead letters known at 0: an increase from nothing cannot be seen, and the first one is the one that matters. */
export const expectDeadLetters = ({ actions }: Partner, specs: readonly IntegrationSpec[]): void => {
  for (const { partner, name } of specs) for (const action of Object.keys(actions)) count(METRICS.deadLetters, { partner, integration: name, action }, 0);
};

/** Counts a request for an account's access token. */
export const meterToken = ({ partner, name }: Pick<IntegrationSpec, 'partner' | 'name'>, outcome: TokenOutcome, by = 1): void =>
  count(METRICS.tokensRefreshed, { partner, integration: name, outcome }, by);

/** Makes the counters of tokens known at 0, for the accounts that have some. */
export const expectTokens = (specs: readonly IntegrationSpec[]): void => {
  for (const spec of specs) if (spec.oauth !== undefined) for (const outcome of TOKEN_OUTCOMES) meterToken(spec, outcome, 0);
};
