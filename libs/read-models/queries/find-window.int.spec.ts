import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ReadTables } from '../tables.ts';
import { seededLog, type SeededLog } from '../test/seeded-log.ts';
import { findWindow } from './find-window.ts';

let seeded: SeededLog;
beforeAll(async () => {
  seeded = await seededLog();
  const owner = new pg.Client({ connectionString: seeded.url });
  await owner.connect();
  await owner.query(`insert into event_minutes select timestamptz '2026-03-01 12:00Z' + n * interval '1 minute', (100 + n)::text::xid8, n from generate_series(0, 9) n`);
  await owner.end();
});
afterAll(() => seeded.end());

const window = (since?: string, until?: string) => findWindow(seeded.db.kysely.withTables<ReadTables>(), since, until);

it('is at least a minute wider than the time on both sides, and no more than three', async () => {
  expect(await window('2026-03-01T12:05:30Z', '2026-03-01T12:06:30Z')).toEqual({ from: { tx: 103n, position: 3n }, before: { tx: 108n, position: 8n } });
});

it('is open where the log does not reach', async () => {
  expect(await window('2026-03-01T12:01:00Z', '2026-03-01T12:09:00Z')).toEqual({ from: undefined, before: undefined });
  expect(await window()).toEqual({ from: undefined, before: undefined });
});
