import { HubError } from '#contract';
import { START_OF_LOG, type Database } from '#event-log';
import { readerOf } from './projection.ts';
import { PROJECTIONS } from './projections.ts';

/**
 * Empties a projection and sends it back to the start of the log; the projector fills it again in chunks.
 * Throws `not-found` for a name that is none.
 */
export const rebuildProjection = async (db: Database, name: string): Promise<void> => {
  const projection = PROJECTIONS.find((candidate) => candidate.name === name);
  if (projection === undefined) {
    throw new HubError('not-found', `There is no projection ${name}. There are ${PROJECTIONS.map((known) => known.name).join(', ')}.`);
  }
  const client = await db.pool.connect();
  try {
    await client.query('begin');
    await client.query('select pg_advisory_xact_lock(hashtext($1))', [readerOf(projection)]);
    await client.query(`truncate ${projection.tables.join(', ')}`);
    await client.query('update reader_positions set tx = $2, position = $3 where reader = $1', [
      readerOf(projection), String(START_OF_LOG.tx), String(START_OF_LOG.position),
    ]);
    await client.query('commit');
    client.release();
  } catch (error) {
    client.release(true);
    throw error;
  }
};
