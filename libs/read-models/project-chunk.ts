import { START_OF_LOG, aheadOf, inTransaction, listSegments, loadStatement, run, runPlanned, type Database } from '#event-log';
import { findChunks, type FindChunk, type Place } from './find-chunk.ts';
import { readerOf, type Projection } from './projection.ts';

const LOAD = loadStatement('load-projection-position', import.meta.url);
const SAVE = loadStatement('save-projection-position', import.meta.url);

/**
 * Takes the next events, at most `limit`, into a projection and returns how many there were.
 * Rows and place move in one transaction, so each event counts once, also when two projectors run side by side.
 * The commit does not wait for the disk: what a crash loses is read again. Projections that are given the same `findChunk` share its looks.
 */
export const projectChunk = async (db: Database, projection: Projection, limit: number, findChunk: FindChunk = findChunks()): Promise<number> =>
  inTransaction(db, async (client) => {
    // An advisory lock takes no transaction id, so waiting for it holds no reader of the log back.
    await client.query(`select pg_advisory_xact_lock(hashtext($1))`, [readerOf(projection)]);
    const after = (await run<Place>(client, LOAD, [readerOf(projection)])).rows[0] ?? START_OF_LOG;
    const from: Place = { tx: String(after.tx), position: String(after.position) };
    const ahead = aheadOf(await listSegments(client), { tx: BigInt(after.tx), position: BigInt(after.position) });
    const chunk = await findChunk(client, from, limit, ahead);
    if (chunk === undefined) return 0;
    const { end, count } = chunk;
    await runPlanned(client, projection.statement, [from.tx, from.position, end.tx, end.position, ...ahead]);
    await run(client, SAVE, [readerOf(projection), end.tx, end.position]);
    return count;
  }, { durable: false });
