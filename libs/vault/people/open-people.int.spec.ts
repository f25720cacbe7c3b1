import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { newCorrelationId, type Acting, type Identifier, type NewEvent, type OpenCommand } from '#contract';
import { migrate, openDatabase, type Database } from '#event-log';
import { freshDatabase, TEST_MASTER_KEYS, waitFor, type FreshDatabase } from '#testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openMasterKeys } from '../master-keys.ts';
import { migrateVault } from '../migrate-vault.ts';
import { rotateVault } from '../rotate-vault.ts';
import { erasePerson } from './erase-person.ts';
import { findPerson } from './find-person.ts';
import { openPeople, type People } from './open-people.ts';

let server: FreshDatabase;
let db: Database;
let people: People;
/** As the next room knows them: nothing at hand. */
let elsewhere: People;

beforeAll(async () => {
  server = await freshDatabase();
  await migrate(server.url);
  await migrateVault(server.url);
  db = openDatabase({ url: server.url, applicationName: 'people-test', max: 8 });
  people = openPeople(db, openMasterKeys(TEST_MASTER_KEYS));
  elsewhere = openPeople(db, openMasterKeys(TEST_MASTER_KEYS));
});
afterAll(async () => {
  await Promise.all([people.close(), elsewhere.close()]);
  await db.close();
  await server.drop();
});

const BY: Acting = { who: { kind: 'local', id: 'ana', name: 'ana', tenant: undefined, scopes: ['admin'] }, from: 'here' };

const anEvent = (body: string, more: Partial<NewEvent> = {}): NewEvent => ({
  id: randomUUID(), type: 'inbound.x', partner: 'stripe', integration: 'acme', tenant: 'default', correlationId: newCorrelationId(), occurredAt: '2026-01-01T00:00:00Z',
  schemaVersion: 1, contentType: 'application/json', data: Buffer.from(body), headers: { traceparent: '00-1-1-01', 'trunkline-hops': '1', 'x-customer': body }, ...more,
});
const named = (kind: string, value: string): Identifier => ({ kind, value });
const sealed = (identifiers: Identifier[], body = '{"a":1}', more: Partial<NewEvent> = {}) => people.sealEvent(anEvent(body, more), identifiers);
const subjectsOf = async (identifiers: Identifier[], more: Partial<NewEvent> = {}): Promise<string[]> => (await sealed(identifiers, '{}', more)).headers['trunkline-sealed']!.slice(3).split(',');

describe('a sealed event', () => {
  it('holds neither body nor partner headers in the clear, and is byte for byte the same once opened, in another room', async () => {
    // A name that no hexadecimal id spells by chance.
    const event = anEvent('{"who":"lovelace"}');
    const closed = await people.sealEvent(event, [named('email', 'lovelace@example.com')]);
    expect(JSON.stringify({ ...closed, data: closed.data.toString('latin1') })).not.toContain('lovelace');
    expect(closed.headers).toEqual({ traceparent: '00-1-1-01', 'trunkline-hops': '1', 'trunkline-sealed': expect.stringMatching(/^v1;[0-9a-f-]{36}$/) });
    const [opened] = await elsewhere.openEvents([closed]);
    expect(opened!.event).toEqual(event);
    expect(opened!.subjects).toHaveLength(1);
  });

  it('cannot be put in another event’s place, nor be changed', async () => {
    const closed = await sealed([named('email', 'ada@example.com')]);
    await expect(people.openEvents([{ ...closed, id: randomUUID() }])).rejects.toMatchObject({ code: 'sealed-unreadable' });
    await expect(people.openEvents([{ ...closed, data: Buffer.concat([closed.data.subarray(1), Buffer.of(1)]) }])).rejects.toMatchObject({ code: 'sealed-unreadable' });
  });

  it('whose key cannot be opened keeps nobody else from being opened or sealed', async () => {
    const [broken, fine] = [named('email', 'broken@example.com'), named('email', 'fine@example.com')];
    const [hers, his] = [await sealed([broken]), await sealed([fine])];
    const owner = new pg.Client({ connectionString: server.url });
    await owner.connect();
    const flipBit = () => owner.query(`update people.subjects set key = set_byte(key, length(key) - 1, get_byte(key, length(key) - 1) # 1) where id = $1`, [hers.headers['trunkline-sealed']!.slice(3)]);
    await flipBit();
    const room = openPeople(db, openMasterKeys(TEST_MASTER_KEYS));
    const sealing = [[broken], [fine], [named('email', 'newcomer@example.com')], [named('customer', 'cus_new'), broken]].map((identifiers) => room.sealEvent(anEvent('{"b":2}'), identifiers));
    expect(await Promise.allSettled(sealing)).toMatchObject([
      { status: 'rejected', reason: { code: 'sealed-unreadable' } }, { status: 'fulfilled', value: { headers: { 'trunkline-sealed': his.headers['trunkline-sealed'] } } },
      { status: 'fulfilled' }, { status: 'rejected', reason: { code: 'sealed-unreadable' } },
    ]);
    const changed = { ...his, id: randomUUID() };
    expect(await room.openEach([hers, his, changed])).toMatchObject([{ code: 'sealed-unreadable' }, { event: { id: his.id } }, { code: 'sealed-unreadable' }]);
    await expect(room.openEvents([his, hers])).rejects.toMatchObject({ code: 'sealed-unreadable' });
    await flipBit();
    expect(await room.openEvents([his, hers])).toHaveLength(2);
    await owner.end();
    await room.close();
  });

  it('is left open when it names nobody', async () => {
    const event = anEvent('{}');
    expect(await people.sealEvent(event, [named('email', '  '), named('phone', 'n/a')])).toBe(event);
    expect(await people.openEvents([event])).toEqual([{ event, subjects: [] }]);
  });

  it('costs one statement for a batch of persons who are not at hand', async () => {
    const events = await Promise.all(['a', 'b', 'c', 'd'].map((name) => sealed([named('email', `${name}@batch.example`)])));
    const asked: string[] = [];
    const { query } = db.pool as any;
    db.pool.query = ((config: { name?: string }, ...rest: []) => (asked.push(config.name ?? ''), query.call(db.pool, config, ...rest))) as never;
    try {
      const other = openPeople(db, openMasterKeys(TEST_MASTER_KEYS));
      expect((await other.openEvents([...events, ...events])).filter((one) => one !== undefined)).toHaveLength(8);
      await other.close();
    } finally {
      db.pool.query = query;
    }
    expect(asked).toEqual(['find-subject-keys']);
  });
});

describe('who an event is about', () => {
  it('is the same person however the identifier is written', async () => {
    const [ada] = await subjectsOf([named('email', 'ada.one@example.com')]);
    expect(await subjectsOf([named('email', ' Ada <ADA.One@Example.com> ')])).toEqual([ada]);
    const [phone] = await subjectsOf([named('phone', '+49 (30) 901820')]);
    expect(await subjectsOf([named('phone', '0049-30-901820')])).toEqual([phone]);
  });

  it('is one person for each tenant, and for account ids for each account', async () => {
    const mail = named('email', 'ada.two@example.com');
    const [ada] = await subjectsOf([mail]);
    expect(await subjectsOf([mail], { integration: 'other', partner: 'github' })).toEqual([ada]);
    expect(await subjectsOf([mail], { tenant: 'north' })).not.toEqual([ada]);
    const [customer] = await subjectsOf([named('customer', 'cus_1')]);
    expect(await subjectsOf([named('customer', 'cus_1')], { integration: 'other' })).not.toEqual([customer]);
  });

  it('learns another identifier from an event that gives both', async () => {
    const [ada] = await subjectsOf([named('email', 'ada.three@example.com')]);
    expect(await subjectsOf([named('email', 'ada.three@example.com'), named('customer', 'cus_3')])).toEqual([ada]);
    expect(await subjectsOf([named('customer', 'cus_3')])).toEqual([ada]);
  });

  it('is all of those who were known before, who stay apart', async () => {
    const [one] = await subjectsOf([named('email', 'one@example.com')]);
    const [two] = await subjectsOf([named('customer', 'cus_two')]);
    expect(await subjectsOf([named('email', 'one@example.com'), named('customer', 'cus_two')])).toEqual([one, two].toSorted());
    expect(await subjectsOf([named('email', 'one@example.com')])).toEqual([one]);
  });

  it('is several persons when it gives several values of a kind', async () => {
    const both = await subjectsOf([named('email', 'author@example.com'), named('email', 'committer@example.com')]);
    expect(both).toHaveLength(2);
    expect(both).toContain((await subjectsOf([named('email', 'author@example.com')]))[0]);
  });

  it('is decided once when many rooms meet a new person at the same moment', async () => {
    const rooms = Array.from({ length: 6 }, () => openPeople(db, openMasterKeys(TEST_MASTER_KEYS)));
    const events = await Promise.all(rooms.flatMap((room) => ['x', 'y', 'z'].map((name) => room.sealEvent(anEvent('{}'), [named('email', `${name}@race.example`)]))));
    expect(new Set(events.map(({ headers }) => headers['trunkline-sealed'])).size).toBe(3);
    await Promise.all(rooms.map((room) => room.close()));
  });
});

describe('a sealed command', () => {
  const command = { id: 'c1', partner: 'http', input: { to: 'lovelace@example.com' } } as unknown as OpenCommand;

  it('carries its input sealed for the same persons, and is opened for its call', async () => {
    const [opened] = await people.openEvents([await sealed([named('email', 'ada.cmd@example.com')])]);
    const closed = people.sealCommand(command, opened!.subjects);
    expect(JSON.stringify(closed)).not.toContain('lovelace');
    expect(await elsewhere.openCommand(JSON.parse(JSON.stringify(closed)))).toEqual(command);
    expect(await people.openCommand(command)).toBe(command);
    expect(people.sealCommand(command, [])).toBe(command);
  });

  it('has a defect instead of an input that no report could carry', async () => {
    const [opened] = await people.openEvents([await sealed([named('email', 'ada.cmd@example.com')])]);
    expect(people.sealCommand({ ...command, input: 'x'.repeat(1_400_001) }, opened!.subjects)).toMatchObject({ defect: { code: 'mapping-failed' } });
  });
});

describe('keys of persons', () => {
  it('are sealed anew with everything else when the master key changes, so that the old one is needed no more', async () => {
    const event = await sealed([named('email', 'rotated@example.com')]);
    const fresh = `fresh:${Buffer.alloc(32, 9).toString('base64')}`;
    const { rewrapped, left, stuck } = await rotateVault(db, openMasterKeys(`${fresh},${TEST_MASTER_KEYS}`), { by: BY, tell: () => undefined });
    expect([left, stuck]).toEqual([0, []]);
    expect(rewrapped).toBeGreaterThan(5);
    const room = openPeople(db, openMasterKeys(fresh));
    expect((await room.openEvents([event]))[0]?.event.data.toString()).toBe('{"a":1}');
    expect((await room.sealEvent(anEvent('{}'), [named('email', 'Rotated@example.com')])).headers['trunkline-sealed']).toBe(event.headers['trunkline-sealed']);
    await room.close();
    await rotateVault(db, openMasterKeys(`${TEST_MASTER_KEYS},${fresh}`), { by: BY, tell: () => undefined });
  });
});

describe('an erased person', () => {
  it('can be read by nobody any more, not even by a room that had the key at hand, and leaves the others as they were', async () => {
    const [gone, stays] = [named('email', 'gone@example.com'), named('email', 'stays@example.com')];
    const [hers, his, both] = [await sealed([gone]), await sealed([stays]), await sealed([gone, stays])];
    const [opened] = await elsewhere.openEvents([hers, his, both]);
    const command = people.sealCommand({ id: 'c2', input: 1 } as unknown as OpenCommand, opened!.subjects);
    expect(await elsewhere.openCommand(command)).toBeDefined();
    const ref = { ...gone, tenant: 'default' };
    const person = (await findPerson(db, people, ref))!;
    expect(person).toMatchObject({ tenant: 'default', kinds: ['email'] });

    const owner = new pg.Client({ connectionString: server.url });
    await owner.connect();
    const keyIn = async (): Promise<boolean> => {
      const { rows } = await owner.query(`select pg_read_binary_file(pg_relation_filepath('people.subjects')) as file`);
      return (rows[0].file as Buffer).includes(key.subarray(20, 40));
    };
    const key = (await owner.query('select key from people.subjects where id = $1', [person.subject])).rows[0].key as Buffer;
    await owner.query('checkpoint');
    expect(await keyIn()).toBe(true);
    const erased = await erasePerson(db, person.subject, BY);
    expect(erased).toMatchObject({ subject: person.subject, identifiers: 1, scoured: true });
    await owner.query('checkpoint');
    expect(await keyIn()).toBe(false);
    await owner.end();

    await waitFor(async () => (await elsewhere.openEvents([hers]))[0] === undefined, { what: 'the room to hear of it', withinMs: 2_000 });
    expect((await elsewhere.openEvents([hers, his, both])).map((one) => one?.event.id)).toEqual([undefined, his.id, undefined]);
    expect(await elsewhere.openCommand(command)).toBeUndefined();
    expect(await findPerson(db, people, ref)).toBeUndefined();
    expect(await findPerson(db, people, { subject: person.subject })).toMatchObject({ erasedAt: erased.at, kinds: [] });
    await expect(erasePerson(db, person.subject, BY)).rejects.toMatchObject({ code: 'not-found' });
    const { rows } = await db.pool.query<{ data: Buffer }>(`select data from events where stream = 'audit'`);
    expect(rows.map(({ data }) => JSON.parse(data.toString())).filter(({ act }) => act !== 'rotate-vault')).toMatchObject([{ act: 'erase-person', who: { id: 'ana' }, subject: person.subject, changed: { identifiers: 1 } }]);
  });

  it('is erased, and says what is left to the owner, where the services may not write the tables anew', async () => {
    const owner = new pg.Client({ connectionString: server.url });
    await owner.connect();
    owner.on('error', () => undefined);
    await owner.query('revoke maintain on people.subjects from trunkline_app');
    const [subject] = await subjectsOf([named('email', 'older@example.com')]);
    expect(await erasePerson(db, subject!, BY)).toMatchObject({ scoured: false });
    await owner.query('grant maintain on people.subjects to trunkline_app');
    await owner.end();
  });

  it('is somebody new when they come back', async () => {
    const identifier = named('email', 'back@example.com');
    const [before] = await subjectsOf([identifier]);
    await erasePerson(db, before!, BY);
    await waitFor(async () => (await subjectsOf([identifier]))[0] !== before, { what: 'another subject', withinMs: 2_000 });
    const event = await sealed([identifier]);
    expect((await elsewhere.openEvents([event]))[0]).toBeDefined();
  });
});
