import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { waitFor } from '#testkit';
import { findChunks } from './find-chunk.ts';
import { projectChunk } from './project-chunk.ts';
import type { Projection } from './projection.ts';
import { anEvent, appendAll, seededLog, type SeededLog } from './test/seeded-log.ts';

let seeded: SeededLog;
beforeAll(async () => {
  seeded = await seededLog();
  await appendAll(seeded.log, [anEvent(), anEvent(), anEvent()]);
  await seeded.readable();
});
afterAll(() => seeded.end());

const copying = (text: string, name = 'test'): Projection => ({ name, tables: [], statement: { name: `test-${text.length}`, text } });
const COPY = 'insert into event_feed select tx, position, id, 0, correlation_id, recorded_at from events where (tx, position) > ($1::xid8, $2::bigint) and (tx, position) <= ($3::xid8, $4::bigint) and (segment > $5::integer or segment = any($6::integer[]))';

const rows = async (): Promise<number> => (await seeded.db.pool.query('select 1 from event_feed')).rowCount ?? 0;

it('keeps neither rows nor place when the connection breaks, and goes on from there with another', async () => {
  const slow = copying(`with done as (${COPY} returning 1) select pg_sleep(60) from done limit 1`);
  const failure = projectChunk(seeded.db, slow, 2).then(() => undefined, (error: unknown) => error);
  const owner = new pg.Client({ connectionString: seeded.url });
  await owner.connect();
  const broken = `select pg_terminate_backend(pid) from pg_stat_activity where state = 'active' and query like '%pg_sleep(60)%' and pid <> pg_backend_pid() and datname = current_database()`;
  await waitFor(async () => (await owner.query(broken)).rowCount === 1, { what: 'the projection to be under way' });
  await owner.end();
  expect(await failure).toMatchObject({ code: '57P01' });
  expect(await rows()).toBe(0);
  expect(await projectChunk(seeded.db, copying(COPY), 2)).toBe(2);
  expect(await rows()).toBe(2);
});

it('keeps neither rows nor place when the statement fails', async () => {
  await expect(projectChunk(seeded.db, copying(`${COPY} and 1 / (position - position) = 1`), 2)).rejects.toMatchObject({ code: '22012' });
  expect(await rows()).toBe(2);
  expect(await projectChunk(seeded.db, copying(COPY), 2)).toBe(1);
  expect(await rows()).toBe(3);
});

it('gives projections that stand at the same place the same chunk, and each of them what comes later', async () => {
  const [one, other] = [copying('select $1::text, $2::text, $3::text, $4::text, $5::int, $6::int[]', 'one'), copying('select $1::text, $2::text, $3::text, $4::text, $5::int, $6::int[]', 'other')];
  const findChunk = findChunks();
  const take = (projection: Projection): Promise<number> => projectChunk(seeded.db, projection, 100, findChunk);
  expect(await take(one)).toBe(3);
  await appendAll(seeded.log, [anEvent(), anEvent()]);
  await seeded.readable();
  expect(await take(other)).toBe(3);
  expect([await take(other), await take(one), await take(one), await take(other)]).toEqual([2, 2, 0, 0]);
});
