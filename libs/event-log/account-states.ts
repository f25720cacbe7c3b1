import type { Database } from './database.ts';
import { asOutage } from './outages.ts';
import { loadStatement, run } from './statement.ts';
import { rfc3339 } from './tables.ts';

const TELL = loadStatement('tell-account-states', import.meta.url);
const LIST = loadStatement('list-account-states', import.meta.url);
const FORGET = loadStatement('forget-account-states', import.meta.url);

/** What is not told again within this many seconds counts as not there: four times the pause between two tellings. */
const FRESH_S = 60;

/** How a connector can stand to an account; `refused`: held because the partner refuses our credentials. */
export const STANDINGS = ['open', 'breaker-open', 'held', 'refused', 'shut'] as const;

/** How a connector stands to one account, and why where it is not open. */
export type AccountStanding = { integration: string; state: (typeof STANDINGS)[number]; reason?: string };

/** The same as others may read it; `since` (RFC 3339 UTC) is when it came to be so. */
export type ToldStanding = AccountStanding & { partner: string; since: string };

type Row = { partner: string; integration: string; state: AccountStanding['state']; reason: string | null; since: string };

/** Tells how one process stands to all of a partner's accounts, in place of what it told before. */
export const tellAccountStates = async (db: Database, { partner, process }: { partner: string; process: string }, standings: readonly AccountStanding[]): Promise<void> => {
  const column = <K extends keyof AccountStanding>(key: K) => standings.map((one) => one[key] ?? null);
  await run(db.pool, TELL, [partner, process, column('integration'), column('state'), column('reason')]);
  await run(db.pool, FORGET, [partner, process, column('integration')]);
};

/** How each connector that told of itself within the last minute stands to its accounts, by name, the longest first. Throws `log-unavailable`. */
export const listAccountStates = async (db: Database): Promise<ToldStanding[]> => {
  const { rows } = await run<Row>(db.pool, LIST, [FRESH_S]).catch((error: unknown) => {
    throw asOutage(error);
  });
  return rows.map(({ since, reason, ...row }) => ({ ...row, reason: reason ?? undefined, since: rfc3339(since) }));
};
