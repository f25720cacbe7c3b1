import type { Database } from './database.ts';
import { asOutage } from './outages.ts';
import { loadStatement, run } from './statement.ts';

const ADD = loadStatement('add-webhook-tallies', import.meta.url);
const SUM = loadStatement('sum-webhook-tallies', import.meta.url);

/**
 * How many requests to an integration's webhook URL came to what: `good` was accepted, known or a handshake; `refused` for its
 * signature, its secret, its body or its type; `stale` for its signed time; `other` for any other reason.
 */
export type WebhookTally = { partner: string; integration: string; good: number; refused: number; stale: number; other: number };

/** Adds to the tallies of the minute at hand. Those older than a day go. */
export const addWebhookTallies = async (db: Database, tallies: readonly WebhookTally[]): Promise<void> => {
  const column = <K extends keyof WebhookTally>(key: K) => tallies.map((tally) => tally[key]);
  await run(db.pool, ADD, [column('partner'), column('integration'), column('good'), column('refused'), column('stale'), column('other')]);
};

/** The sums of the last so many seconds, by name, in whole minutes. Throws `log-unavailable`. */
export const sumWebhookTallies = async (db: Database, seconds: number): Promise<WebhookTally[]> => {
  try {
    return (await run<WebhookTally>(db.pool, SUM, [seconds])).rows;
  } catch (error) {
    throw asOutage(error);
  }
};
