import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inboundEventId, newCorrelationId, type HubEvent, type LogPosition, type NewEvent } from '#contract';
import { freshDatabase, waitFor } from '#testkit';
import { migrate, openDatabase, openEventLog, START_OF_LOG, type Database, type EventLog } from './index.ts';

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

describe('the event log', () => {
  let server: Awaited<ReturnType<typeof freshDatabase>>;
  let db: Database;
  let log: EventLog;

  beforeAll(async () => {
    server = await freshDatabase();
    await migrate(server.url);
    db = openDatabase({ url: server.url, applicationName: 'spec', max: 8 });
    log = openEventLog(db);
  });
  afterAll(async () => {
    log.close();
    await db.close();
    await server.drop();
  });

  /** Everything committed so far: transactions of other databases in the cluster may hide it for a moment. */
  const settled = (from: LogPosition = START_OF_LOG): Promise<HubEvent[]> =>
    waitFor(async () => {
      const events = await log.read(from, 100_000);
      return (await log.beyond(events.at(-1)?.at ?? from)) ? undefined : events;
    });
  const readAll = async (from?: LogPosition): Promise<string[]> => (await settled(from)).map((event) => event.id);

  it('answers a twin with the original correlation id', async () => {
    const first = await log.append(anEvent('twin'));
    const second = await log.append(anEvent('twin'));
    expect(first.first).toBe(true);
    expect(second).toMatchObject({ first: false, id: first.id, correlationId: first.correlationId });
  });

  it('lets exactly one of many concurrent twins be first', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => log.append(anEvent('race'))));
    expect(answers.filter((answer) => answer.first)).toHaveLength(1);
    expect(new Set(answers.map((answer) => answer.correlationId)).size).toBe(1);
  });

  it('keeps the body byte for byte, whatever it is', async () => {
    const data = Buffer.from([0, 255, 13, 10, 92, 39, 34, 123]);
    const { id } = await log.append(anEvent('bytes', { data, contentType: 'application/octet-stream', headers: { 'x-note': 'ü "quoted"' } }));
    const found = await log.find(id);
    expect(found!.data.equals(data)).toBe(true);
    expect(found!.headers).toEqual({ 'x-note': 'ü "quoted"' });
  });

  it('refuses a row that cannot be stored without failing its neighbours', async () => {
    const results = await Promise.allSettled([log.append(anEvent('good-1')), log.append(anEvent('bad', { type: 'inbound.\0' })), log.append(anEvent('good-2'))]);
    expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(log.ready()).toBe(true);
  });

  it('never changes or removes what is on record', async () => {
    await expect(db.pool.query(`update events set type = 'x'`)).rejects.toThrow(/permission denied/);
    await expect(db.pool.query('delete from events')).rejects.toThrow(/permission denied/);
    await expect(db.pool.query('truncate events')).rejects.toThrow(/permission denied/);
  });

  it('refuses a version of a stream that is taken', async () => {
    const at = (version: number): NewEvent & { stream: { name: string; version: number } } => ({ ...anEvent(`v${version}-${Math.random()}`), stream: { name: 'things', version } });
    await log.appendExpected(at(1));
    await expect(log.appendExpected(at(1))).rejects.toMatchObject({ code: 'version-conflict' });
    expect(log.ready()).toBe(true);
    await log.appendExpected(at(2));
  });

  it('holds back what an older transaction can still get in front of, then reads both in order', async () => {
    const from = (await settled()).at(-1)!.at;
    const [slow, fast] = [new pg.Client(server.url), new pg.Client(server.url)];
    await Promise.all([slow.connect(), fast.connect()]);
    // The slow one takes the lower position, the fast one the lower transaction id, and the fast one commits first.
    const insert = (id: string, position: string): [string, unknown[]] => [
      `insert into events (position, id, type, partner, integration, tenant, correlation_id, occurred_at, schema_version, content_type, data, headers, segment)
       values (${position}, $1, 'inbound.x', 'p', 'i', 'default', $1, now(), 1, 'text/plain', '', '{}', 2)`,
      [id],
    ];
    const [low, high] = [newCorrelationId(), newCorrelationId()];
    await slow.query('begin');
    const { rows } = await slow.query(`select nextval('events_position_seq') as position`);
    await fast.query('begin');
    await fast.query(...insert(high, `nextval('events_position_seq')`));
    await slow.query(...insert(low, rows[0].position));
    await fast.query('commit');
    const between = await readAll(from);
    expect(between).toEqual([high]);
    const checkpoint = (await settled(from)).at(-1)!.at;
    await slow.query('commit');
    expect(await readAll(checkpoint)).toEqual([low]);
    await Promise.all([slow.end(), fast.end()]);
  });

  it('loses and repeats nothing while four writers race', async () => {
    const from = (await settled()).at(-1)!.at;
    const seen: string[] = [];
    let after = from;
    let writing = true;
    const reader = (async () => {
      for (;;) {
        const finished = !writing;
        const batch = await log.read(after, 50);
        seen.push(...batch.map((event) => event.id));
        after = batch.at(-1)?.at ?? after;
        if (finished && batch.length === 0 && !(await log.beyond(after))) return;
      }
    })();
    const writers = Array.from({ length: 4 }, () => openDatabase({ url: server.url, applicationName: 'writer', max: 1 }));
    const written = await Promise.all(
      writers.map(async (writer, w) => {
        const own = openEventLog(writer);
        const ids: string[] = [];
        for (let i = 0; i < 150; i++) ids.push((await own.append(anEvent(`w${w}-${i}`))).id);
        own.close();
        await writer.close();
        return ids;
      }),
    );
    writing = false;
    await reader;
    expect(seen).toHaveLength(600);
    expect(new Set(seen)).toEqual(new Set(written.flat()));
  });

  it('finds the place just before a moment', async () => {
    const { at } = await log.append(anEvent('before'));
    const moment = (await log.find(inboundEventId('stripe', 'acme', 'before')))!.recordedAt;
    const next = await log.append(anEvent('after'));
    const place = await log.placeBefore(moment);
    const ids = await readAll(place);
    expect(ids).toEqual([inboundEventId('stripe', 'acme', 'before'), next.id]);
    expect(at).toBeDefined();
  });

  it('names the transaction that holds readers back', async () => {
    const holder = await db.connect();
    await holder.query('begin');
    await holder.query(`set local application_name = 'slow-report'`);
    await holder.query('select pg_current_xact_id()');
    expect(await log.horizonHolder()).toMatchObject({ application: 'slow-report', state: 'idle in transaction', openS: expect.any(Number) });
    await holder.query('rollback');
    await holder.end();
  });
});
