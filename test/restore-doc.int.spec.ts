import { readFile } from 'node:fs/promises';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newCorrelationId, type NewEvent } from '#contract';
import { loadPosition, migrate, openDatabase, openEventLog, savePosition, START_OF_LOG, type Database, type EventLog } from '#event-log';
import { freshDatabase, type FreshDatabase, waitFor } from '#testkit';

const named = (name: string): NewEvent => ({
  id: newCorrelationId(),
  type: `inbound.${name}`,
  partner: 'p',
  integration: 'i',
  tenant: 'default',
  correlationId: newCorrelationId(),
  occurredAt: '2026-01-01T00:00:00.000Z',
  schemaVersion: 1,
  contentType: 'text/plain',
  data: Buffer.alloc(0),
  headers: {},
});

const documentedSql = async (): Promise<string> => {
  const page = await readFile(new URL('../docs/operations.md', import.meta.url), 'utf8');
  return /```sql\n( {2}begin;[\s\S]*?commit;\n) {2}```/.exec(page)![1]!;
};

let server: FreshDatabase;
let db: Database;
let log: EventLog;
let owner: pg.Client;

beforeAll(async () => {
  server = await freshDatabase();
  await migrate(server.url);
  db = openDatabase({ url: server.url, applicationName: 'spec' });
  log = openEventLog(db);
  owner = new pg.Client({ connectionString: server.url });
  await owner.connect();
});
afterAll(async () => {
  log.close();
  await db.close();
  await owner.end();
  await server.drop();
});

/** Transactions of other databases in the cluster may hide the newest events for a moment. */
const untilReadable = (count: number) =>
  waitFor(async () => {
    const events = await log.read(START_OF_LOG, 10);
    return events.length === count ? events : undefined;
  });
const namesAfter = async (at: Parameters<EventLog['read']>[0]): Promise<string[]> => (await log.read(at, 100)).map((event) => event.type.slice(8));

it('goes on in order after a dump and restore, with the documented statements', async () => {
  const appended = new Map<string, string>();
  for (const name of ['a', 'b', 'c']) appended.set(name, (await log.append(named(name))).id);
  const [, , last] = await untilReadable(3);
  await owner.query("select open_segment('inbound')");
  await savePosition(db, 'relay', { at: last!.at, memory: {} });
  // What a fresh cluster sees of a dump: transaction ids that it has not reached, in another order than the positions.
  await owner.query("update events set tx = ((case type when 'inbound.c' then 0 else position end) + 1000000)::text::xid8");
  await owner.query('update event_ids i set tx = e.tx from events e where e.id = i.id');
  await owner.query("update segments set last_tx = '1001000' where closed_at is not null");
  await owner.query("update reader_positions set tx = '2000000'");
  expect(await namesAfter(START_OF_LOG)).toEqual([]);

  await owner.query(await documentedSql());
  await log.append(named('d'));
  await untilReadable(4);

  expect(await namesAfter(START_OF_LOG)).toEqual(['c', 'a', 'b', 'd']);
  expect(await namesAfter((await loadPosition(db, 'relay')).at)).toEqual(['d']);
  expect(await log.find(appended.get('b')!)).toMatchObject({ type: 'inbound.b' });
  const { rows } = await owner.query('select last_tx, last_position from segments where closed_at is not null');
  expect(rows).toEqual([{ last_tx: '3', last_position: '3' }]);
});
