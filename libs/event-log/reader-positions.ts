import type { LogPosition } from '#contract';
import type { Database } from './database.ts';

/** Where a reader stands, and what else it must remember with that place. */
export type Remembered = { at: LogPosition; memory: Record<string, unknown> };

export const START_OF_LOG: LogPosition = { tx: 0n, position: 0n };

/** A reader's place; the start of the log for a new one. */
export const loadPosition = async (db: Database, reader: string): Promise<Remembered> => {
  const { rows } = await db.pool.query<{ tx: string; position: string; memory: Record<string, unknown> }>(
    'select tx, position, memory from reader_positions where reader = $1',
    [reader],
  );
  const row = rows[0];
  return row === undefined ? { at: START_OF_LOG, memory: {} } : { at: { tx: BigInt(row.tx), position: BigInt(row.position) }, memory: row.memory };
};

/** Remembers a reader's place. */
export const savePosition = async (db: Database, reader: string, { at, memory }: Remembered): Promise<void> => {
  await db.pool.query({
    name: 'save-position',
    text: `insert into reader_positions (reader, tx, position, memory) values ($1, $2, $3, $4)
           on conflict (reader) do update set tx = excluded.tx, position = excluded.position, memory = excluded.memory, updated_at = clock_timestamp()`,
    values: [reader, String(at.tx), String(at.position), JSON.stringify(memory)],
  });
};
