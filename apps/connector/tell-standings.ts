import { isDeepStrictEqual } from 'node:util';
import type { AccountStanding } from '#event-log';
import type { Account } from './accounts.ts';
import { CREDENTIALS_REFUSED } from './judge-attempt.ts';
import { stateOf } from './meter-accounts.ts';

type Needs = {
  accounts(): Account[];
  /** Puts it where others can read it; not called while the log is away. */
  tell(standings: AccountStanding[]): Promise<void>;
  logReady(): boolean;
  now(): number;
};

/** What has not changed is told again this often, so that silence means that nobody serves. */
const AGAIN_MS = 15_000;

const standingOf = (account: Account): AccountStanding => {
  const reason = account.shut ?? account.gate.closed()?.reason;
  return { integration: account.spec.name, state: reason?.startsWith(CREDENTIALS_REFUSED) ? 'refused' : stateOf(account), reason };
};

/** One look at how this process stands to its accounts: told when it is different, or was told a while ago. */
export const tellStandings = (needs: Needs): (() => Promise<void>) => {
  let told: { standings: AccountStanding[]; at: number } | undefined;
  return async () => {
    const standings = needs.accounts().map(standingOf);
    const now = needs.now();
    const isKnown = told !== undefined && now - told.at < AGAIN_MS && isDeepStrictEqual(told.standings, standings);
    if (isKnown || !needs.logReady()) return;
    await needs.tell(standings);
    told = { standings, at: now };
  };
};
