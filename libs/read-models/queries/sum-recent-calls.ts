import type { Database } from '#event-log';
import { sql } from 'kysely';
import { reading } from '../reading.ts';

/** What became of an account's calls: `refused` of those that failed is for our credentials; `dead` counts dead letters, also without a call. */
export type CallSums = { calls: number; failed: number; refused: number; slow: number; dead: number };

/** The sums of the last 5, 10 and 15 minutes of an account, in whole minutes. */
export type RecentCalls = { partner: string; integration: string; in5: CallSums; in10: CallSums; in15: CallSums };

type Row = CallSums & { partner: string; integration: string; age: number };

const add = (sums: readonly CallSums[]): CallSums =>
  sums.reduce(
    (all, one) => ({ calls: all.calls + one.calls, failed: all.failed + one.failed, refused: all.refused + one.refused, slow: all.slow + one.slow, dead: all.dead + one.dead }),
    { calls: 0, failed: 0, refused: 0, slow: 0, dead: 0 },
  );

/** What became of the calls of the last quarter of an hour, for each account that made any, by name. Counts what the projector has taken. */
export const sumRecentCalls = (db: Database): Promise<RecentCalls[]> =>
  reading(db, async (tables) => {
    const { rows } = await sql<Row>`
      select partner, integration, calls, failed, refused, slow, dead,
        (extract(epoch from date_trunc('minute', clock_timestamp()) - minute) / 60)::float8 as age
      from account_minutes
      where minute >= date_trunc('minute', clock_timestamp()) - interval '15 minutes'
      order by partner, integration`.execute(tables);
    const accounts = Map.groupBy(rows, ({ partner, integration }) => `${partner}/${integration}`);
    return [...accounts.values()].map((minutes) => {
      const within = (limit: number) => add(minutes.filter(({ age }) => age <= limit));
      const { partner, integration } = minutes[0]!;
      return { partner, integration, in5: within(5), in10: within(10), in15: within(15) };
    });
  });
