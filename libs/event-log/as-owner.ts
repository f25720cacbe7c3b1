import pg from 'pg';

const LOCK = 7_240_116;

/**
 * Runs work as the owner of the tables, one process at a time, with notices of what was left out dropped. `url` is the owner's,
 * not a room's.
 */
export const asOwner = async <T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> => {
  const client = new pg.Client({ connectionString: url, application_name: 'trunkline-migrate', connectionTimeoutMillis: 5_000 });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [LOCK]);
    return await work(client);
  } finally {
    await client.end();
  }
};
