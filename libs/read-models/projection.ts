import type { Statement } from '#event-log';

/** A read model that is made of the log alone, and can be made again from it. */
export type Projection = {
  name: string;
  /** Everything it writes; emptied when it is rebuilt. */
  tables: readonly string[];
  /** Takes the events after ($1, $2) up to ($3, $4), all of them in the segments after $5 or in $6, without moving a byte through Node. */
  statement: Statement;
};

/** Under which name a projection's place in the log is kept in `reader_positions`. */
export const readerOf = (projection: Pick<Projection, 'name'>): string => `projection:${projection.name}`;
