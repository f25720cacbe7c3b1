import { copyFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import { expect, it, onTestFinished } from 'vitest';
import { freshDatabase, scratchFolder, waitFor } from '#testkit';
import { digestOf, type RecordRow } from './audit-record.ts';
import { migrate, openDatabase, openEventLog, runMigrations, savePosition, START_OF_LOG } from './index.ts';

const MIGRATIONS = new URL('./migrations/', import.meta.url);

type Old = { url: string; owner: pg.Client };

/** A database as these migrations left it. */
const migratedBy = async (isApplied: (number: string) => boolean): Promise<Old> => {
  const [server, folder] = await Promise.all([freshDatabase(), scratchFolder('migrations')]);
  for (const name of await readdir(MIGRATIONS)) if (isApplied(name.slice(0, 4))) await copyFile(new URL(name, MIGRATIONS), join(folder, name));
  await runMigrations(server.url, pathToFileURL(`${folder}/`), 'event-log');
  const owner = new pg.Client(server.url);
  await owner.connect();
  onTestFinished(async () => {
    await owner.end();
    await server.drop();
  });
  return { url: server.url, owner };
};

/** A log as it was before segments, with events in another order of position than of transaction. */
const filled = async (): Promise<Old> => {
  const { url, owner } = await migratedBy((number) => number <= '0003');
  const insert = (type: string, stream: [string, number] | undefined) =>
    owner.query(
      `insert into events (id, type, partner, integration, tenant, correlation_id, occurred_at, schema_version, content_type, data, headers, stream, stream_version)
       values (gen_random_uuid(), $1, 'p', 'i', 'default', gen_random_uuid(), now(), 1, 'text/plain', convert_to($1, 'UTF8'), '{"a": "b"}', $2, $3)`,
      [type, stream?.[0], stream?.[1]],
    );
  await insert('operator.manifest-applied', ['manifest', 1]);
  for (let i = 0; i < 5; i++) await insert('inbound.order', undefined);
  await insert('operator.acted', ['audit', 1]);
  for (let i = 0; i < 5; i++) await insert('command.succeeded', undefined);
  await owner.query("update events set tx = '700' where position % 4 = 0");
  return { url, owner };
};

const RECORDS = `select id, type, partner, integration, tenant, correlation_id, causation_id, occurred_at::text, recorded_at::text, schema_version, content_type,
  headers::text as headers, data, stream, stream_version, tx, position from events order by tx, position`;
type Row = RecordRow & { tx: string; position: string };
const digests = async (owner: pg.Client): Promise<string[]> =>
  (await owner.query<Row>(RECORDS)).rows.map((row) => `${row.tx}.${row.position} ${digestOf(row)}`);

it('carries a log that was filled before into segments: the same events, places, bytes and readers', async () => {
  const { url, owner } = await filled();
  const before = await digests(owner);
  const db = openDatabase({ url, applicationName: 'spec' });
  const log = openEventLog(db);
  onTestFinished(async () => {
    log.close();
    await db.close();
  });
  const [tx, position] = before[6]!.split(/[. ]/) as [string, string];
  await savePosition(db, 'relay', { at: { tx: BigInt(tx), position: BigInt(position) }, memory: {} });

  expect(await migrate(url)).toContain('0004_put_log_in_segments.sql');
  expect(await digests(owner)).toEqual(before);
  const read = await waitFor(async () => {
    const events = await log.read(START_OF_LOG, 100);
    return events.length === 12 ? events : undefined;
  });
  expect(read.map(({ at }) => `${at.tx}.${at.position}`)).toEqual(before.map((line) => line.split(' ')[0]));
  expect(await log.read({ tx: BigInt(tx), position: BigInt(position) }, 100)).toHaveLength(5);
  for (const { id, type } of read) expect(await log.find(id)).toMatchObject({ type });

  const held = await owner.query('select s.id, s.category, s.holds, count(*)::int as events from segments s join events e on e.segment = s.id group by s.id order by s.id');
  expect(held.rows).toEqual([
    { id: 0, category: 'operator', holds: ['operator'], events: 2 },
    { id: 1, category: 'before', holds: ['command', 'inbound'], events: 10 },
  ]);
  // What was known before is known still, and positions go on where they were.
  const old = read[1]!;
  expect(await log.append({ ...old, occurredAt: old.occurredAt })).toMatchObject({ first: false, correlationId: old.correlationId });
  const fresh = await log.append({ ...old, id: old.correlationId });
  expect(fresh).toMatchObject({ first: true });
  expect(fresh.at!.position).toBeGreaterThan(12n);
  await expect(db.pool.query('delete from events_1')).rejects.toThrow('permission denied');
});

it('takes what is held back already as held from now on', async () => {
  const { url, owner } = await migratedBy((number) => !['0009', '0010', '0011'].includes(number));
  await owner.query("select open_segment('inbound')");
  await owner.query("update segments set held_by = 'reader relay', closed_at = now() where category = 'inbound'");
  expect(await migrate(url)).toContain('0010_tell_since_when_held.sql');
  const { rows } = await owner.query('select category from segments where held_since is not null');
  expect(rows).toEqual([{ category: 'inbound' }]);
});
