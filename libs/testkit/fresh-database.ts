import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';

export type FreshDatabase = { url: string; drop(): Promise<void> };

declare module 'vitest' {
  interface ProvidedContext {
    postgresUrl: string;
  }
}

const onCluster = async (clusterUrl: string, sql: string): Promise<void> => {
  const client = new pg.Client({ connectionString: clusterUrl });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
};

/** A new empty database for one test file, on the cluster that the run started (without fsync). Not migrated. */
export const freshDatabase = async (clusterUrl = inject('postgresUrl')): Promise<FreshDatabase> => {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await onCluster(clusterUrl, `CREATE DATABASE ${name}`);
  const url = new URL(clusterUrl);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => onCluster(clusterUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
};
