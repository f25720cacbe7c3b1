import { afterAll, beforeAll, expect, it } from 'vitest';
import { migrateReadModels } from './migrate-read-models.ts';
import { PROJECTIONS } from './projections.ts';
import { describeSchema } from './test/describe-schema.ts';
import { seededLog, type SeededLog } from './test/seeded-log.ts';

let seeded: SeededLog;
beforeAll(async () => {
  seeded = await seededLog();
});
afterAll(() => seeded.end());

it('makes the schema that schema.snapshot.sql shows', async () => {
  const types = ['reported_answer', 'reported_failure', 'reported_command', 'command_report'];
  const relations = [...PROJECTIONS.flatMap((projection) => projection.tables), ...types];
  await expect(await describeSchema(seeded.db.pool, relations, ['read_command_report'])).toMatchFileSnapshot('./schema.snapshot.sql');
});

it('has nothing to do the second time', async () => {
  expect(await migrateReadModels(seeded.url)).toEqual([]);
});
