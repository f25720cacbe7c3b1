import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newCorrelationId, type Acting } from '#contract';
import { listHeld, openDatabase, openLogKeeping, readAudit, recordAct, START_OF_LOG, verifyAudit, type Database, type LogKeeping } from '#event-log';
import { findCommand, listAttempts, listCommands, listEvents, PROJECTIONS, readerOf, readTimeline, rebuildProjection, sweepDropped } from '#read-models';
import { restBetweenLooks } from './rest-between-looks.ts';
import { retireSegments, type Held, type Retired, type Waiting } from './retire-segments.flow.ts';
import { agingLog, type AgingLog } from './test/aging-log.ts';

const KEEPER: Acting = { who: { kind: 'room', id: 'keeper', name: 'keeper', tenant: undefined, scopes: [] }, from: 'here' };
const READERS = ['relay', ...PROJECTIONS.map(readerOf)];

let world: AgingLog;
let one: Database;
let asked: number;
let held: readonly Held[];
let waiting: Waiting[];
let isTrusted: boolean;
let failing: string | undefined;
let passedMs = 0;
let looks = restBetweenLooks(() => passedMs);
beforeEach(async () => {
  world = await agingLog();
  one = openDatabase({ url: world.url, applicationName: 'keeper-test', max: 1 });
  asked = 0;
  [held, waiting, isTrusted, failing, looks] = [[], [], true, undefined, restBetweenLooks(() => passedMs)];
});
afterEach(async () => {
  await one.close();
  await world.end();
});

const keepingThatFails = (): LogKeeping => {
  const log = openLogKeeping(one, KEEPER);
  return { ...log, drop: async (segment, readers) => (segment.category === failing ? Promise.reject(new Error('the disk is full')) : log.drop(segment, readers)) };
};

const look = (): Promise<Retired> =>
  retireSegments({
    log: keepingThatFails(),
    readers: READERS,
    waiting: async () => ((asked += 1), waiting),
    isClockTrusted: async () => isTrusted,
    looks,
    sweeps: sweepDropped(world.db),
    dropped: () => undefined,
    held: (all) => (held = all),
    stop: new AbortController().signal,
  })();

/** Closes what is open, by looking when it is due. */
const close = async (days: number): Promise<void> => {
  await world.age(days);
  await look();
};
const heldBy = (): string[] => held.map(({ segment, by }) => `${segment.category}: ${by}`);

describe('a segment of the log', () => {
  it('is closed after a tenth of its retention, and goes when all of it is older, with its rows in the ledger and the lists', async () => {
    await world.keep({ inbound: 90, command: 90 });
    const old = await world.flow('old');
    await close(8);
    expect(await world.segments()).toEqual(['inbound open', 'command open', 'other open']);
    await close(1);
    expect(await world.segments()).toEqual(['inbound closed', 'command closed', 'other open', 'inbound open', 'command open']);
    const fresh = await world.flow('fresh');
    await world.read();
    await close(89);
    expect((await world.segments()).slice(0, 2)).toEqual(['inbound closed', 'command closed']);
    await close(1);
    expect((await world.segments()).slice(0, 2)).toEqual(['inbound dropped', 'command dropped']);
    expect(heldBy()).toEqual([]);

    const { items } = await listEvents(world.db, {}, { limit: 50 });
    expect(items.map(({ type }) => type).filter((type) => !type.startsWith('operator.'))).toEqual(['command.succeeded', 'inbound.fresh']);
    expect((await listCommands(world.db, {}, { limit: 50 })).items.map(({ id }) => id)).toEqual([fresh.command.id]);
    await close(4);
    expect((await world.segments()).slice(0, 2)).toEqual(['inbound swept', 'command swept']);
    expect([await findCommand(world.db, old.command.id), await listAttempts(world.db, old.command.id, 1), await world.log.find(old.event.id)]).toEqual([undefined, [], undefined]);
    expect((await readTimeline(world.db, { correlationId: old.correlationId }, { limit: 50 })).items).toEqual([]);
    expect(await world.log.droppedAt(old.event.id)).toMatch(/^20\d\d-/);
    expect(await world.log.droppedAt(fresh.event.id)).toBeUndefined();
    expect((await world.owner.query('select id from commands')).rows).toEqual([{ id: fresh.command.id }]);
  });

  it('is put on the audit trail when it goes, with what was in it', async () => {
    await world.keep({ inbound: 10 });
    await world.flow('a');
    await world.flow('b');
    await close(1);
    await world.read();
    await close(10);
    const [record] = await readAudit(world.db);
    expect(record).toMatchObject({
      act: 'drop-segment', who: { kind: 'room', name: 'keeper' }, subject: 'segment 2',
      changed: { category: 'inbound', events: 2, firstPosition: '2', lastPosition: expect.any(String), keptForMs: 864_000_000, since: expect.stringMatching(/Z$/) },
    });
    expect((await verifyAudit(world.db)).broken).toBeUndefined();
  });

  it('is kept for good without a retention, and the hub’s own whatever is said', async () => {
    await world.flow('a');
    await close(100);
    await world.keep({ inbound: 7 });
    await world.read();
    await close(4_000);
    expect(await world.segments()).toEqual(['inbound dropped', 'command closed', 'other open', 'inbound open', 'command open']);
    expect((await world.owner.query('select count(*)::int as n from events where segment = 0')).rows[0].n).toBeGreaterThan(1);
  });

  it.each([
    ['a reader has not read it', 'reader relay', () => world.owner.query("update reader_positions set tx = '3', position = 0 where reader = 'relay'")],
    ['a projection never ran', 'reader projection:deliveries', () => world.owner.query("delete from reader_positions where reader = 'projection:deliveries'")],
    ['another reader is behind', 'reader tail:consent', () => world.owner.query("insert into reader_positions (reader, tx, position) values ('tail:consent', '3', 0)")],
  ])('stays while %s', async (_why, by, make) => {
    await world.keep({ inbound: 7 });
    await world.flow('a');
    await close(1);
    await world.read();
    await make();
    await close(8);
    expect(heldBy()).toEqual([`inbound: ${by}`]);
    expect((await world.segments())[0]).toBe(`inbound held by ${by}`);
    await world.read();
    await world.owner.query("delete from reader_positions where reader = 'tail:consent'");
    await look();
    expect((await world.segments())[0]).toBe('inbound dropped');
  });

  it.each([['running'], ['waiting'], ['dead'], ['uncertain']] as const)('stays while a command of a flow in it is %s', async (state) => {
    await world.keep({ inbound: 7, command: 7 });
    await world.flow('done');
    const { command } = await world.flow('a', state);
    await close(1);
    await world.read();
    await close(8);
    // A running command has no fact on the log yet, so its flow is in one segment alone.
    expect(heldBy()).toContain(`inbound: command ${command.id} is ${state}`);
    if (state !== 'running') expect(heldBy()).toHaveLength(2);
    await world.owner.query("update commands set state = 'succeeded' where id = $1", [command.id]);
    await world.read();
    await look();
    expect((await world.segments())[0]).toBe(`inbound held by command ${command.id} is ${state}`);
    passedMs += 600_000;
    await look();
    expect((await world.segments()).slice(0, 2)).toEqual(['inbound dropped', 'command dropped']);
  });

  it('goes when what is dead in it has been dead for 30 days', async () => {
    await world.keep({ inbound: 7 });
    await world.flow('a', 'dead');
    await close(1);
    await world.read();
    await close(28);
    expect(heldBy()).toHaveLength(1);
    passedMs += 600_000;
    await close(2);
    expect((await world.segments())[0]).toBe('inbound dropped');
  });

  it('stays while a command waits on the bus since before its end or the three days after it, and while the clock is not to be believed', async () => {
    await world.keep({ inbound: 7 });
    await world.flow('a');
    await close(1);
    await world.read();
    waiting = [{ queue: 'slack.normal.ops', at: new Date(Date.now() - 9 * 86_400_000) }];
    await close(8);
    expect(heldBy()).toEqual(['inbound: queue slack.normal.ops']);
    // The router may have been late: the stream of events keeps for three days what it is given.
    waiting = [{ queue: 'slack.normal.ops', at: new Date(Date.now() - 5.1 * 86_400_000) }];
    await look();
    expect(heldBy()).toEqual(['inbound: queue slack.normal.ops']);
    [waiting, isTrusted] = [[{ queue: 'slack.normal.ops', at: new Date(Date.now() - 4.9 * 86_400_000) }], false];
    await look();
    expect(heldBy()).toEqual(['inbound: clock']);
    isTrusted = true;
    await look();
    expect((await world.segments())[0]).toBe('inbound dropped');
    // It may be a settled command of that segment whose acknowledgement was lost: the ledger must know it.
    const ledger = async () => (await world.owner.query('select id from commands')).rows;
    expect(await ledger()).toHaveLength(1);
    waiting = [{ queue: 'slack.normal.ops', at: new Date(Date.now() + 3_700_000) }];
    await close(4);
    expect([(await world.segments())[0], await ledger()]).toEqual(['inbound swept', []]);
  });

  it('leaves a command in the ledger that was sent again after it went', async () => {
    await world.keep({ inbound: 7 });
    const [again, other] = [await world.flow('a', 'dead'), await world.flow('b', 'dead')];
    await close(1);
    await world.read();
    waiting = [{ queue: 'slack.normal.ops', at: new Date() }];
    await close(31);
    expect((await world.segments())[0]).toBe('inbound dropped');
    await world.owner.query("update commands set state = 'succeeded', updated_at = clock_timestamp() where id = $1", [again.command.id]);
    waiting = [];
    await close(4);
    const { rows } = await world.owner.query('select id from commands');
    expect([(await world.segments())[0], rows]).toEqual(['inbound swept', [{ id: again.command.id }]]);
    expect(other.command.id).not.toBe(again.command.id);
  });

  it('leaves a redriven command in the ledger while its redrive can be published again', async () => {
    await world.keep({ inbound: 7 });
    const { command } = await world.flow('a', 'dead');
    await close(1);
    await world.read();
    await close(8);
    await world.owner.query("update commands set state = 'succeeded', updated_at = clock_timestamp() where id = $1", [command.id]);
    passedMs += 600_000;
    const ledger = async () => (await world.owner.query('select id from commands')).rows;
    await look();
    expect([(await world.segments())[0], await ledger()]).toEqual(['inbound dropped', [{ id: command.id }]]);
    await close(2);
    expect(await ledger()).toEqual([{ id: command.id }]);
    await close(2);
    expect([(await world.segments())[0], await ledger()]).toEqual(['inbound swept', []]);
  });

  it('that fails holds back no other', async () => {
    await world.keep({ inbound: 7, command: 7 });
    await world.flow('a');
    await close(1);
    await world.read();
    failing = 'inbound';
    await close(8);
    expect(heldBy()).toEqual(['inbound: error the disk is full']);
    expect((await world.segments()).slice(0, 2)).toEqual(['inbound held by error the disk is full', 'command dropped']);
    await close(2);
    expect((await listHeld(world.db)).map(({ category, heldS }) => [category, Math.round(heldS / 86_400)])).toEqual([['inbound', 2]]);
    failing = undefined;
    await look();
    expect((await world.segments())[0]).toBe('inbound dropped');
  });

  it('stays while an event in it is dated later, by a clock that was ahead', async () => {
    await world.keep({ inbound: 7 });
    const { event } = await world.flow('a');
    await close(1);
    await world.owner.query("update events set recorded_at = recorded_at + interval '20 days' where id = $1", [event.id]);
    await world.read();
    await close(8);
    expect([(await world.segments())[0], heldBy()]).toEqual(['inbound closed', []]);
    await close(20);
    expect((await world.segments())[0]).toBe('inbound dropped');
  });

  it('waits when the log is not to be had at once, and goes the next time', async () => {
    await world.keep({ inbound: 7 });
    await world.flow('a');
    await close(1);
    await world.read();
    const reader = await world.db.connect();
    await reader.query('begin');
    await reader.query('select from events limit 1');
    await world.age(8);
    await look();
    expect(heldBy()).toEqual(['inbound: busy']);
    await reader.end();
    await look();
    expect((await world.segments())[0]).toBe('inbound dropped');
  });
});

describe('what is in a segment', () => {
  const [SEGMENT, DROP] = [2, 'drop-segment'];
  /** How often the keeper's one connection read the segment as a whole. */
  const reads = async (): Promise<number> => {
    for (const connection of [one.pool, world.owner]) {
      await connection.query('select pg_stat_force_next_flush()');
      await connection.query('select 1');
    }
    return (await world.owner.query(`select seq_scan::int as n from pg_stat_all_tables where relname = 'events_${SEGMENT}'`)).rows[0].n;
  };
  /** How often it was read meanwhile. */
  const readsOf = async (work: () => Promise<unknown>): Promise<number> => {
    const before = await reads();
    await work();
    return (await reads()) - before;
  };
  const looks3 = async (): Promise<void> => {
    for (const _time of [1, 2, 3]) await look();
  };
  const keeping = (): LogKeeping => openLogKeeping(one, KEEPER);
  const setState = (id: string, state: string) => world.owner.query('update commands set state = $2, updated_at = clock_timestamp() where id = $1', [id, state]);

  beforeEach(() => world.keep({ inbound: 7 }));

  it('is not read while a queue, a reader or its age holds it back; the bus is asked once a round, and not before something is old', async () => {
    await world.keep({ inbound: 7, command: 7 });
    await world.flow('a');
    await close(1);
    await world.read();
    expect(await readsOf(looks3)).toBe(0);
    expect(asked).toBe(0);
    waiting = [{ queue: 'slack.normal.ops', at: new Date(Date.now() - 9 * 86_400_000) }];
    await world.age(8);
    expect(await readsOf(looks3)).toBe(0);
    expect([asked, heldBy()]).toEqual([3, ['inbound: queue slack.normal.ops', 'command: queue slack.normal.ops']]);
    waiting = [];
    await world.owner.query("update reader_positions set tx = '3', position = 0 where reader = 'relay'");
    expect(await readsOf(looks3)).toBe(0);
    expect(heldBy()).toEqual(['inbound: reader relay', 'command: reader relay']);
    await world.read();
    await look();
    expect((await world.segments())[0]).toBe('inbound dropped');
  });

  it('is read once while the log is too busy to let it go, whatever new flows do meanwhile', async () => {
    await world.flow('a');
    await close(1);
    await world.read();
    await world.age(8);
    const reader = await world.db.connect();
    await reader.query('begin');
    await reader.query('select from events limit 1');
    expect(await readsOf(look)).toBe(1);
    expect(await readsOf(async () => {
      await world.flow('new', 'running');
      await world.read();
      await looks3();
    })).toBe(0);
    expect(heldBy()).toEqual(['inbound: busy']);
    await reader.end();
    await look();
    expect((await world.segments())[0]).toBe('inbound dropped');
  });

  it('is not read while the command that was found in it is still not finished', async () => {
    const { command } = await world.flow('a', 'running');
    await close(1);
    await world.read();
    await world.age(8);
    // Once for what is in it, and once for all that is not finished.
    for (const name of ['b', 'c', 'd']) await world.flow(name, 'running');
    await world.owner.query('update commands set correlation_id = $1 where id <> $2', [command.correlationId, command.id]);
    expect(await readsOf(look)).toBe(2);
    await world.owner.query('delete from commands where id <> $1', [command.id]);
    await world.owner.query(`update segments set held_by = 'command ' || $1::text || ' is running' where id = ${SEGMENT}`, [command.id]);
    passedMs += 600_000;
    await setState(command.id, 'waiting');
    expect(await readsOf(look)).toBe(0);
    expect(heldBy()).toEqual([`inbound: command ${command.id} is waiting`]);
    await setState(command.id, 'succeeded');
    passedMs += 600_000;
    await look();
    expect((await world.segments())[0]).toBe('inbound dropped');
  });

  it('is not dropped when a command of it was sent again after it was read', async () => {
    const { command } = await world.flow('a', 'dead');
    await close(1);
    await world.read();
    await world.age(31);
    const [segment] = await keeping().ages();
    expect(await keeping().hindrance(SEGMENT, READERS)).toBeUndefined();
    await setState(command.id, 'released');
    expect(await keeping().drop(segment!, READERS)).toBe(`command ${command.id} is released`);
    expect((await readAudit(world.db)).filter(({ act }) => act === DROP)).toEqual([]);
    await setState(command.id, 'succeeded');
    expect(await keeping().drop(segment!, READERS)).toBeUndefined();
    expect((await readAudit(world.db)).filter(({ act }) => act === DROP)).toHaveLength(1);
  });

  it('is not dropped when its command was taken in hand by a transaction that was open while it was read', async () => {
    const { command } = await world.flow('a', 'dead');
    await close(1);
    await world.read();
    await world.age(31);
    const claimer = await world.db.connect();
    await claimer.query('begin');
    await claimer.query("update commands set state = 'running', updated_at = clock_timestamp() - interval '1 year' where id = $1", [command.id]);
    const [segment] = await keeping().ages();
    expect(await keeping().hindrance(SEGMENT, READERS)).toBeUndefined();
    await claimer.query('commit');
    await claimer.end();
    expect(await keeping().drop(segment!, READERS)).toBe(`command ${command.id} is running`);
  });

  it('is not dropped when a reader went back, or the manifest keeps it for longer, after it was read; and not unread', async () => {
    await world.flow('a');
    await close(1);
    await world.read();
    await world.age(8);
    const [segment] = await keeping().ages();
    expect(await keeping().drop(segment!, READERS)).toBe('unread');
    expect(await keeping().hindrance(SEGMENT, READERS)).toBeUndefined();
    await world.owner.query("update reader_positions set tx = '3', position = 0 where reader = 'relay'");
    expect(await keeping().drop(segment!, READERS)).toBe('reader relay');
    await world.read();
    await world.keep({ inbound: 30 });
    expect(await keeping().drop(segment!, READERS)).toBe('young');
    await world.keep({ inbound: 7 });
    await world.owner.query(`update segments set ended_before = (ended_before::text::numeric + 1000000)::text::xid8`);
    expect(await keeping().drop(segment!, READERS)).toBe('unread');
  });

  it('is read without holding up who waits for the audit trail', async () => {
    await world.flow('a');
    await close(1);
    await world.read();
    await world.age(8);
    const operator = await world.db.connect();
    await operator.query('begin');
    await operator.query(`select pg_advisory_xact_lock(hashtext('trunkline audit'))`);
    expect(await keeping().hindrance(SEGMENT, READERS)).toBeUndefined();
    await operator.end();
    await recordAct(world.db, 'redrive', KEEPER, async () => ({ result: undefined, subject: 'x', changed: {} }));
    expect((await world.segments())[0]).toBe('inbound closed');
  });
});

describe('after a segment has gone', () => {
  beforeEach(async () => {
    await world.keep({ inbound: 7, command: 7 });
  });

  it('a twin of what was in it is known, until its id is given up', async () => {
    const { event, correlationId } = await world.flow('a');
    await close(1);
    await world.read();
    await close(8);
    expect(await world.log.append({ ...event, correlationId: event.id })).toMatchObject({ first: false, correlationId });
    await close(34);
    expect(await world.log.append({ ...event, correlationId: event.id })).toMatchObject({ first: false, correlationId });
    await close(1);
    expect((await world.segments()).slice(0, 2)).toEqual(['inbound forgotten', 'command forgotten']);
    expect(await world.log.append({ ...event, correlationId: event.id })).toMatchObject({ first: true });
  });

  it('a rewind and a rebuild just know less', async () => {
    await world.flow('old');
    await close(1);
    await world.flow('new');
    await world.read();
    await close(7);
    const types = (await world.log.read(START_OF_LOG, 100)).map(({ type }) => type).filter((type) => !type.startsWith('operator.'));
    expect(types).toEqual(['inbound.new', 'command.succeeded']);
    const ids = async () => (await listEvents(world.db, {}, { limit: 50 })).items.map(({ id }) => id);
    const before = await ids();
    for (const { name } of PROJECTIONS) await rebuildProjection(world.db, name);
    await world.read();
    expect(await ids()).toEqual(expect.arrayContaining(before));
    expect((await listCommands(world.db, {}, { limit: 50 })).items).toHaveLength(1);
  });

  it('a timeline leaves out what went, also before it is swept, and its pages stay whole', async () => {
    const { event, correlationId } = await world.flow('old');
    await close(1);
    await world.log.append({ ...event, id: newCorrelationId(), type: 'inbound.new' });
    await world.read();
    await world.age(7);
    const keeping = openLogKeeping(world.db, KEEPER);
    const [segment] = await keeping.ages();
    expect(await keeping.hindrance(segment!.id, READERS)).toBeUndefined();
    expect(await keeping.drop(segment!, READERS)).toBeUndefined();
    const pages: string[][] = [];
    for (let after: string | undefined, last = false; !last; ) {
      const page = await readTimeline(world.db, { correlationId }, { after, limit: 1 });
      pages.push(page.items.map(({ type }) => type));
      [after, last] = [page.next, page.next === undefined];
    }
    expect(pages).toEqual([[], ['command.succeeded'], ['inbound.new']]);
  });

  it('while the lists are being rebuilt, nothing is taken out of them that is on the log', async () => {
    await world.flow('old');
    await close(1);
    const { command } = await world.flow('new');
    await world.read();
    await rebuildProjection(world.db, 'event-feed');
    await world.age(7);
    await world.read();
    await rebuildProjection(world.db, 'event-feed');
    for (const sweep of sweepDropped(world.db)) await sweep(0, 100);
    expect((await listCommands(world.db, {}, { limit: 50 })).items.map(({ id }) => id)).toContain(command.id);
  });
});
