import { runMigrations } from '#event-log';

/** Brings the vault to this version's schema. Run `migrate` of the event log first. Returns the names applied. */
export const migrateVault = (url: string): Promise<string[]> => runMigrations(url, new URL('./migrations/', import.meta.url), 'vault');
