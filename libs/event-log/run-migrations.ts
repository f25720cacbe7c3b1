import { readdir, readFile } from 'node:fs/promises';
import type pg from 'pg';
import { HubError } from '#contract';
import { asOwner } from './as-owner.ts';

const pending = async (client: pg.Client, set: string, folder: URL): Promise<string[]> => {
  await client.query(`create table if not exists schema_migrations (
    set text not null, name text not null, applied_at timestamptz not null default now(), primary key (set, name))`);
  const { rows } = await client.query<{ name: string }>('select name from schema_migrations where set = $1', [set]);
  const applied = new Set(rows.map((row) => row.name));
  return (await readdir(folder)).filter((file) => file.endsWith('.sql') && !applied.has(file)).sort();
};

const apply = async (client: pg.Client, set: string, folder: URL, name: string): Promise<void> => {
  const text = await readFile(new URL(name, folder), 'utf8');
  try {
    await client.query('begin');
    await client.query(text);
    await client.query('insert into schema_migrations (set, name) values ($1, $2)', [set, name]);
    await client.query('commit');
  } catch (cause) {
    await client.query('rollback').catch(() => undefined);
    throw new HubError('migration-missing', `Migration ${set}/${name} failed: ${(cause as Error).message}. Nothing of it was kept.`, { cause });
  }
};

/**
 * Applies the `NNNN_verb_noun.sql` files of a folder that this database has not seen, in order, each in its own transaction.
 * Safe to run from several processes at once. `url` is the owner's, not the services' role. Returns the names applied.
 */
export const runMigrations = (url: string, folder: URL, set: string): Promise<string[]> =>
  asOwner(url, async (client) => {
    const names = await pending(client, set, folder);
    for (const name of names) await apply(client, set, folder, name);
    return names;
  });

/** Brings the log and the ledger to this version's schema. */
export const migrate = (url: string): Promise<string[]> => runMigrations(url, new URL('./migrations/', import.meta.url), 'event-log');
