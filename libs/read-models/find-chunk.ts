import { loadStatement, runPlanned, type Runner, type SegmentsAhead } from '#event-log';

const CHUNK_END = loadStatement('find-chunk-end', import.meta.url);

/** A place in the log, as Postgres writes its numbers. */
export type Place = { tx: string; position: string };

/** So many events after some place, up to `end`. */
export type Chunk = { end: Place; count: number };

/** The next events after a place, at most `limit`, that no running transaction can still get in front of; undefined when there are none. */
export type FindChunk = (on: Runner, after: Place, limit: number, ahead: SegmentsAhead) => Promise<Chunk | undefined>;

const look: FindChunk = async (on, after, limit, ahead) => {
  const row = (await runPlanned<Place & { count: string }>(on, CHUNK_END, [after.tx, after.position, limit, ...ahead])).rows[0];
  return row && { end: { tx: row.tx, position: row.position }, count: Number(row.count) };
};

/**
 * Finds chunks, and remembers the newest: projections that stand at the same place take the same one. Nothing comes into the log before a
 * chunk's end any more, but a database may be put back to an earlier day: for one round, not for ever.
 */
export const findChunks = (): FindChunk => {
  let newest: { after: Place; limit: number; chunk: Chunk } | undefined;
  return async (on, after, limit, ahead) => {
    const isNewest = newest?.after.tx === after.tx && newest.after.position === after.position && newest.limit === limit;
    if (isNewest) return newest!.chunk;
    const chunk = await look(on, after, limit, ahead);
    if (chunk !== undefined) newest = { after, limit, chunk };
    return chunk;
  };
};
