import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { LogPosition } from '#contract';
import { savePosition, START_OF_LOG } from '#event-log';
import { anEvent, appendAll, seededLog, type SeededLog } from '../test/seeded-log.ts';
import { LAG_COUNTED, measureLag } from './measure-lag.ts';

let seeded: SeededLog;
let owner: pg.Client;
const firstMany = 12;

beforeAll(async () => {
  seeded = await seededLog();
  await appendAll(seeded.log, Array.from({ length: firstMany }, () => anEvent()));
  await seeded.readable();
  owner = new pg.Client(seeded.url);
  await owner.connect();
});
afterAll(async () => {
  await owner.end();
  await seeded.end();
});

/** Puts a reader where so many events are behind it. */
const stands = async (reader: string, taken: number): Promise<void> => {
  const events = await seeded.log.read(START_OF_LOG, firstMany);
  const at: LogPosition = taken === 0 ? START_OF_LOG : events[taken - 1]!.at;
  await savePosition(seeded.db, reader, { at, memory: {} });
};

const measured = async () => Object.fromEntries((await measureLag(seeded.db)).map((lag) => [lag.reader, lag]));

it('counts for each reader what it has not taken, wherever the others stand, and tells them by name', async () => {
  const taken = { abreast: 9, quick: 12, relay: 9, slow: 4, slowest: 0 };
  for (const [reader, so] of Object.entries(taken)) await stands(reader, so);
  const lags = await measured();
  expect(Object.keys(lags)).toEqual(['abreast', ...Object.keys(lags).filter((name) => name.startsWith('projection:')), 'quick', 'relay', 'slow', 'slowest']);
  expect(Object.fromEntries(Object.keys(taken).map((reader) => [reader, lags[reader]!.behind]))).toEqual({ abreast: 3, quick: 0, relay: 3, slow: 8, slowest: 12 });
  for (const { behind, behindS } of Object.values(lags)) expect(behindS > 0).toBe(behind > 0);
});

it('counts no more than 10,001 between the end and a reader, and still tells the age of the oldest for one behind that', async () => {
  await owner.query("update events set recorded_at = recorded_at - interval '1 hour' where (tx, position) in (select tx, position from events order by tx, position limit 5)");
  await stands('slow', 5);
  await stands('slowest', 0);
  await owner.query(
    `insert into events (id, type, partner, integration, tenant, correlation_id, occurred_at, schema_version, content_type, data, headers, segment)
     select gen_random_uuid(), type, partner, integration, tenant, gen_random_uuid(), occurred_at, schema_version, content_type, data, headers, segment
     from (select * from events order by tx, position limit 1) as one, generate_series(1, $1)`, [LAG_COUNTED + 5]);
  const { quick, slow, slowest } = await measured();
  expect([quick, slow, slowest].map((lag) => lag!.behind)).toEqual([LAG_COUNTED + 1, LAG_COUNTED + 1, LAG_COUNTED + 1]);
  expect(slow!.behindS).toBeLessThan(3_000);
  expect(slowest!.behindS).toBeGreaterThan(3_500);
});
