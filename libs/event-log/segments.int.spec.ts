import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { inboundEventId, newCorrelationId, type HubEvent, type LogPosition, type NewEvent } from '#contract';
import { freshDatabase, waitFor, type FreshDatabase } from '#testkit';
import { aheadOf, listSegments, loadStatement, migrate, openDatabase, openEventLog, START_OF_LOG, type Database, type EventLog } from './index.ts';

const anEvent = (identity: string, more: Partial<NewEvent> = {}): NewEvent => ({
  id: inboundEventId('stripe', 'acme', identity),
  type: 'inbound.invoice.paid',
  partner: 'stripe',
  integration: 'acme',
  tenant: 'default',
  correlationId: newCorrelationId(),
  occurredAt: new Date().toISOString(),
  schemaVersion: 1,
  contentType: 'application/json',
  data: Buffer.from(`{"id":"${identity}"}`),
  headers: {},
  ...more,
});

let server: FreshDatabase;
let db: Database;
let log: EventLog;
let owner: pg.Client;

beforeAll(async () => {
  server = await freshDatabase();
  await migrate(server.url);
  db = openDatabase({ url: server.url, applicationName: 'spec', max: 8 });
  owner = new pg.Client(server.url);
  await owner.connect();
});
afterAll(async () => {
  await db.close();
  await owner.end();
  await server.drop();
});
beforeEach(() => {
  // Each test reads as a process does that has just begun, with no list of segments at hand.
  log?.close();
  log = openEventLog(db);
});

const open = async (category: string): Promise<number> => (await db.pool.query<{ open_segment: number }>('select open_segment($1)', [category])).rows[0]!.open_segment;
const segmentOf = async (id: string): Promise<string> =>
  (await owner.query<{ category: string }>('select s.category from events e join segments s on s.id = e.segment where e.id = $1', [id])).rows[0]!.category;

/** Everything after a place: transactions of other databases in the cluster may hide the newest for a moment. */
const readAll = (from: LogPosition): Promise<HubEvent[]> =>
  waitFor(async () => {
    const events = await log.read(from, 10_000);
    return (await log.beyond(events.at(-1)?.at ?? from)) ? undefined : events;
  });
const end = async (): Promise<LogPosition> => (await readAll(START_OF_LOG)).at(-1)?.at ?? START_OF_LOG;

describe('segments of the log', () => {
  it('take each event by its category, a stream by itself, and a category that nobody knows', async () => {
    const types = { 'inbound.a': 'inbound', 'command.succeeded': 'command', 'schedule.fired': 'other', 'novelty.x': 'other', 'operator.noted': 'operator' };
    for (const [type, category] of Object.entries(types)) {
      const { id } = await log.append(anEvent(type, { type }));
      expect([type, await segmentOf(id)]).toEqual([type, category]);
    }
    const { id } = await log.appendExpected({ ...anEvent('versioned'), stream: { name: 'things', version: 1 } });
    expect(await segmentOf(id)).toBe('operator');
  });

  it('know twins across segments, and within one write', async () => {
    const first = await log.append(anEvent('twin'));
    const numbers = [await open('inbound')];
    expect(await log.append(anEvent('twin'))).toMatchObject({ first: false, id: first.id, correlationId: first.correlationId });
    const others = await Promise.all([log.append(anEvent('both')), log.append(anEvent('both')), log.append(anEvent('twin'))]);
    expect(others.map((other) => other.first)).toEqual([true, false, false]);
    expect(others[1]!.correlationId).toBe(others[0]!.correlationId);
    numbers.push(await open('inbound'));
    expect(numbers[1]).toBeGreaterThan(numbers[0]!);
    expect((await log.find(first.id))!.correlationId).toBe(first.correlationId);
  });

  it('are read in order, also by one who knew nothing of the newest', async () => {
    const from = await end();
    const written: string[] = [];
    for (const round of [1, 2, 3]) {
      for (const type of ['inbound.x', 'command.succeeded', 'schedule.fired', 'operator.noted']) written.push((await log.append(anEvent(`${round} ${type}`, { type }))).id);
      await open('inbound');
      if (round === 2) await open('command');
      expect((await readAll(from)).map((event) => event.id)).toEqual(written);
    }
    const middle = (await readAll(from))[5]!.at;
    expect((await readAll(middle)).map((event) => event.id)).toEqual(written.slice(6));
  });

  it('open no new one while the last is empty', async () => {
    const first = await open('sync');
    expect(await open('sync')).toBe(first);
    await expect(open('operator')).rejects.toThrow('no segments for operator');
  });

  it('do not close over an append in flight, and lose none that commits late', async () => {
    await log.append(anEvent('before the slow one'));
    const from = await end();
    const slow = await db.connect();
    await slow.query('begin');
    const id = newCorrelationId();
    await slow.query(`with known as (insert into event_ids select $1, $1, pg_current_xact_id(), nextval('events_position_seq'), id from segments where category = 'inbound' and closed_at is null returning *)
      insert into events (position, id, type, partner, integration, tenant, correlation_id, occurred_at, schema_version, content_type, data, headers, segment)
      select position, id, 'inbound.x', 'p', 'i', 'default', id, now(), 1, 'text/plain', '', '{}', segment from known`, [id]);
    await expect(open('inbound')).rejects.toThrow('lock timeout');
    const { id: later } = await log.append(anEvent('after the slow one'));
    await slow.query('commit');
    await slow.end();
    await open('inbound');
    const { id: last } = await log.append(anEvent('after the close'));
    expect((await readAll(from)).map((event) => event.id)).toEqual([id, later, last]);
  });

  it('lose and repeat nothing while writers race and segments open under them', async () => {
    const from = await end();
    const seen: string[] = [];
    let after = from;
    let writing = true;
    const reader = (async () => {
      for (;;) {
        const finished = !writing;
        const batch = await log.read(after, 40);
        seen.push(...batch.map((event) => event.id));
        after = batch.at(-1)?.at ?? after;
        if (finished && batch.length === 0 && !(await log.beyond(after))) return;
      }
    })();
    const roller = (async () => {
      // A lock that is not to be had at once is asked for again.
      while (writing) for (const category of ['inbound', 'command']) await open(category).catch((error: Error) => expect(error.message).toContain('lock timeout'));
    })();
    const written = await Promise.all(
      [0, 1, 2, 3].map(async (w) => {
        const own = openDatabase({ url: server.url, applicationName: 'writer', max: 1 });
        const writer = openEventLog(own);
        const ids: string[] = [];
        for (let i = 0; i < 100; i++) ids.push((await writer.append(anEvent(`w${w}-${i}`, { type: i % 2 === 0 ? 'inbound.x' : 'command.succeeded' }))).id);
        writer.close();
        await own.close();
        return ids;
      }),
    );
    writing = false;
    await Promise.all([reader, roller]);
    expect(new Set(seen)).toEqual(new Set(written.flat()));
    expect(seen).toHaveLength(400);
    expect((await owner.query('select count(*)::int as n from segments')).rows[0].n).toBeGreaterThan(10);
  });

  it('are opened by a read only when they are ahead of it, in the order of their own index', async () => {
    await log.append(anEvent('the last of many'));
    const at = await end();
    const ahead = aheadOf(await listSegments(db.pool), at);
    const place = [String(at.tx), String(at.position)];
    const { rows } = await owner.query<{ segment: number }>('select segment from events where tx = $1 and position = $2', place);
    const reads: [name: string, values: unknown[], opened: number][] = [
      ['read-events', [...place, 100, ...ahead], ahead[1].length],
      ['peek-beyond', [...place, ...ahead], ahead[1].length],
      ['find-event', [rows[0]!.segment, ...place], 1],
    ];
    expect((await listSegments(db.pool)).length).toBeGreaterThan(ahead[1].length + 5);
    for (const [name, values, opened] of reads) {
      const plan = await db.pool.query<{ 'QUERY PLAN': string }>(`explain ${loadStatement(name, import.meta.url).text.replace(/^--.*$/gm, '')}`, values);
      const lines = plan.rows.map((row) => row['QUERY PLAN']);
      const tables = new Set(lines.flatMap((line) => / on (events_\d+)\b(?!_in_order)/.exec(line)?.[1] ?? []));
      expect([name, tables.size]).toEqual([name, opened]);
      expect(lines.filter((line) => line.includes('Seq Scan'))).toEqual([]);
    }
  });

  it('cannot be reached, changed or removed by the services', async () => {
    const names = (await owner.query<{ name: string }>(`select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'events'::regclass`)).rows;
    expect(names.length).toBeGreaterThan(4);
    for (const { name } of names) {
      for (const act of [`select from ${name}`, `insert into ${name} default values`, `update ${name} set type = ''`, `delete from ${name}`, `truncate ${name}`]) {
        await expect(db.pool.query(act), act).rejects.toThrow('permission denied');
      }
    }
    await expect(db.pool.query('delete from event_ids')).rejects.toThrow('permission denied');
    await expect(db.pool.query("update segments set dropped_at = now()")).rejects.toThrow('permission denied');
    await expect(db.pool.query('select create_segment_table(99)')).rejects.toThrow('permission denied');
  });

  it('announce an append once, whatever segments it goes to', async () => {
    const listener = await db.connect();
    let heard = 0;
    listener.on('notification', () => heard++);
    await listener.query('listen trunkline_log');
    await Promise.all(['inbound.x', 'command.succeeded', 'schedule.fired'].map((type) => log.append(anEvent(`announced ${type}`, { type }))));
    await waitFor(() => heard > 0, { what: 'a wake-up' });
    await listener.query('select 1');
    expect(heard).toBe(1);
    await listener.end();
  });
});
