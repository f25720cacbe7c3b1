import { readFile } from 'node:fs/promises';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PROJECTIONS } from './projections.ts';
import { rebuildProjection } from './rebuild-projection.ts';
import { aCommand, anEvent, anOutcome, appendAll, seededLog, type SeededLog } from './test/seeded-log.ts';

let seeded: SeededLog;
beforeAll(async () => {
  seeded = await seededLog();
  const command = aCommand();
  await appendAll(seeded.log, [anEvent(), anOutcome(command, 1, 'retrying'), anEvent({ partner: 'github' }), anOutcome(command, 2, 'succeeded')]);
  await seeded.project();
});
afterAll(() => seeded.end());

/** Everything in the read models, but for numbers that are drawn anew. */
const contents = async (): Promise<unknown> => {
  const queries = [
    'select f.tx, f.position, f.id, f.recorded_at, k.partner, k.type from event_feed f join event_kinds k on k.id = f.kind order by f.tx, f.position',
    'select d.command_id, d.state, d.attempts, d.first_tx, d.last_tx, k.route from deliveries d join delivery_kinds k on k.id = d.kind',
    'select * from integration_status order by partner',
    'select * from event_minutes',
    'select * from account_days',
    'select * from account_minutes',
  ];
  return Promise.all(queries.map(async (query) => (await seeded.db.pool.query(query)).rows));
};

it('makes each projection again as it was', async () => {
  const before = await contents();
  for (const projection of PROJECTIONS) await rebuildProjection(seeded.db, projection.name);
  expect(await contents()).toEqual([[], [], [], [], [], []]);
  await seeded.project();
  expect(await contents()).toEqual(before);
});

it('makes them again with the statements that docs/operations.md gives for after a restore', async () => {
  const before = await contents();
  const page = await readFile(new URL('../../docs/operations.md', import.meta.url), 'utf8');
  const owner = new pg.Client({ connectionString: seeded.url });
  await owner.connect();
  await owner.query(/```sql\n\s*(truncate [\s\S]*?)```/.exec(page)![1]!);
  await owner.end();
  expect(await contents()).toEqual([[], [], [], [], [], []]);
  await seeded.project();
  expect(await contents()).toEqual(before);
});

it('knows no projection of another name', async () => {
  await expect(rebuildProjection(seeded.db, 'deliverys')).rejects.toMatchObject({ code: 'not-found' });
});
