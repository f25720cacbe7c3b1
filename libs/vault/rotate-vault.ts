import { isHubError, type Acting } from '#contract';
import { asOutage, byteaArray, recordAct, type Database } from '#event-log';
import type { MasterKeys } from './master-keys.ts';
import { WRAPPED_TABLES, type WrappedTable } from './wrapped-tables.ts';

/** How much is sealed under one master key. `known`: MASTER_KEYS holds it. */
export type KeyUse = { keyId: string; active: boolean; known: boolean; counts: { what: string; count: number }[] };

/** What a rotation came to. `stuck` cannot be opened, each with the reason; of each table, the first twenty. */
export type Rotation = { rewrapped: number; left: number; stuck: { what: string; id: string; why: string }[] };

const CHUNK = 200;
/** Chunks between two lines of progress. */
const TELL_EVERY = 10;
/** Named one by one; with a lost key there may be any number. */
const MOST_NAMED = 20;

const asked = async <Row extends object>(db: Database, text: string, values: unknown[] = []): Promise<Row[]> => {
  try {
    return (await db.pool.query<Row>(text, values)).rows;
  } catch (error) {
    throw asOutage(error);
  }
};

const countOf = (db: Database, { table, sealed }: WrappedTable): Promise<{ key_id: string; count: number }[]> =>
  asked(db, `select sealed_key_id(${sealed}) as key_id, count(*)::int as count from ${table} group by 1 order by 1`);

/** How much is sealed under which master key, the active one first and there even with nothing. Throws `log-unavailable`, `migration-missing`. */
export const countKeyUse = async (db: Database, keys: MasterKeys, tables = WRAPPED_TABLES): Promise<KeyUse[]> => {
  const { activeId } = keys;
  const uses = new Map<string, KeyUse>([[activeId, { keyId: activeId, active: true, known: true, counts: [] }]]);
  for (const table of tables) {
    for (const { key_id: keyId, count } of await countOf(db, table)) {
      const use = uses.get(keyId) ?? { keyId, active: false, known: keys.has(keyId), counts: [] };
      use.counts.push({ what: table.what, count });
      uses.set(keyId, use);
    }
  }
  return [...uses.values()];
};

type Chunk = { id: string; sealed: Buffer }[];

/** The type of the column that names a row: compared as what it is, its index serves. */
const idTypeOf = async (db: Database, { table, id }: WrappedTable): Promise<string> => {
  const [row] = await asked<{ type: string }>(db, 'select format_type(atttypid, atttypmod) as type from pg_attribute where attrelid = $1::regclass and attname = $2', [table, id]);
  return row!.type;
};

type Typed = WrappedTable & { type: string };

const nextChunk = (db: Database, { table, id, sealed, type }: Typed, after: string | undefined, activeId: string): Promise<Chunk> => {
  const beyond = after === undefined ? [] : [after];
  const where = after === undefined ? '' : `and ${id} > $2::${type}`;
  return asked(db, `select ${id}::text as id, ${sealed} as sealed from ${table} where sealed_key_id(${sealed}) <> $1 ${where} order by ${id} limit ${CHUNK}`, [activeId, ...beyond]);
};

/** A row that somebody changed meanwhile is left as it is: it was sealed just now. */
const putChunk = async (db: Database, { table, id, sealed, type }: Typed, chunk: (Chunk[number] & { fresh: Buffer })[]): Promise<number> => {
  const text = `update ${table} as t set ${sealed} = n.fresh from unnest($1::${type}[], $2::bytea[], $3::bytea[]) as n(id, stale, fresh) where t.${id} = n.id and t.${sealed} = n.stale returning 1`;
  return (await asked(db, text, [chunk.map((row) => row.id), byteaArray(chunk.map((row) => row.sealed)), byteaArray(chunk.map((row) => row.fresh))])).length;
};

const rotateTable = async (db: Database, keys: MasterKeys, table: WrappedTable, tell: (rewrapped: number) => void): Promise<Omit<Rotation, 'left'>> => {
  const done: Omit<Rotation, 'left'> = { rewrapped: 0, stuck: [] };
  const typed = { ...table, type: await idTypeOf(db, table) };
  let after: string | undefined;
  for (let chunks = 1; ; chunks += 1) {
    const chunk = await nextChunk(db, typed, after, keys.activeId);
    if (chunk.length === 0) break;
    const fresh = chunk.flatMap((row) => {
      const context = table.context(row.id);
      try {
        return [{ ...row, fresh: keys.seal(keys.open(row.sealed, context), context) }];
      } catch (error) {
        if (!isHubError(error, 'sealed-unreadable')) throw error;
        if (done.stuck.length < MOST_NAMED) done.stuck.push({ what: table.what, id: row.id, why: error.message });
        return [];
      }
    });
    if (fresh.length > 0) done.rewrapped += await putChunk(db, typed, fresh);
    if (chunks % TELL_EVERY === 0) tell(done.rewrapped);
    after = chunk.at(-1)!.id;
  }
  if (done.rewrapped > 0) tell(done.rewrapped);
  return done;
};

const outdated = (uses: KeyUse[]): number => uses.filter(({ active }) => !active).reduce((sum, { counts }) => sum + counts.reduce((all, { count }) => all + count, 0), 0);

type Needs = { by: Acting; tell(line: string): void; tables?: readonly WrappedTable[] };

/**
 * Seals everything that is not under the active master key under it, in small chunks, each on its own: broken off, it goes on where it
 * was. The secrets themselves are not opened. The audit trail says who asked and what there was to do. Throws `log-unavailable`.
 */
export const rotateVault = async (db: Database, keys: MasterKeys, { by, tell, tables = WRAPPED_TABLES }: Needs): Promise<Rotation> => {
  const before = await countKeyUse(db, keys, tables);
  if (outdated(before) === 0) return { rewrapped: 0, left: 0, stuck: [] };
  const { activeId } = keys;
  await recordAct(db, 'rotate-vault', by, async () => ({ result: undefined, subject: activeId, changed: { under: activeId, was: before.map(({ keyId, counts }) => ({ keyId, counts })) } }));
  const sum: Rotation = { rewrapped: 0, left: 0, stuck: [] };
  for (const table of tables) {
    const { rewrapped, stuck } = await rotateTable(db, keys, table, (so) => tell(`${table.what}: ${so} sealed anew under ${activeId}`));
    sum.rewrapped += rewrapped;
    sum.stuck.push(...stuck);
  }
  return { ...sum, left: outdated(await countKeyUse(db, keys, tables)) };
};
