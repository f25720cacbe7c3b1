import { HubError } from '#contract';
import { START_OF_LOG, inTransaction, loadStatement, run, type Database } from '#event-log';
import { readerOf } from './projection.ts';
import { PROJECTIONS } from './projections.ts';

const SAVE = loadStatement('save-projection-position', import.meta.url);

/**
 * Empties a projection and sends it back to the start of the log; the projector fills it again in chunks.
 * Throws `not-found` for a name that is none.
 */
export const rebuildProjection = async (db: Database, name: string): Promise<void> => {
  const projection = PROJECTIONS.find((candidate) => candidate.name === name);
  if (projection === undefined) {
    throw new HubError('not-found', `There is no projection ${name}. There are ${PROJECTIONS.map((known) => known.name).join(', ')}.`);
  }
  await inTransaction(db, async (client) => {
    await client.query('select pg_advisory_xact_lock(hashtext($1))', [readerOf(projection)]);
    await client.query(`truncate ${projection.tables.join(', ')}`);
    await run(client, SAVE, [readerOf(projection), String(START_OF_LOG.tx), String(START_OF_LOG.position)]);
  });
};
