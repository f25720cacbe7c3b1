import type { PoolClient } from 'pg';
import type { Database } from './database.ts';

type Options = {
  /** False: the commit does not wait for the disk. For rows that are kept together with the place in the log from which they can be made again. */
  durable?: boolean;
};

/** Runs work in a transaction. When anything fails, nothing of it was kept. */
export const inTransaction = async <T>(db: Database, work: (client: PoolClient) => Promise<T>, { durable = true }: Options = {}): Promise<T> => {
  const client = await db.pool.connect();
  // A connection that breaks also fails the query at hand, which is where it is dealt with.
  const ignore = (): void => undefined;
  client.on('error', ignore);
  try {
    await client.query(['begin', ...(durable ? [] : ['set local synchronous_commit = off']), ...(db.opening === undefined ? [] : [db.opening])].join('; '));
    const result = await work(client);
    await client.query('commit');
    client.off('error', ignore);
    client.release();
    return result;
  } catch (error) {
    // Closing the connection ends whatever is left of the transaction.
    client.release(true);
    throw error;
  }
};
