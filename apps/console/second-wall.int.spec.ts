import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newCorrelationId, outcomeEventId } from '#contract';
import { ALL_TENANTS, forTenant, inTransaction, listAccountStates, openDatabase, readEvent, type Database } from '#event-log';
import {
  findCommand, findStandings, groupDeadLetters, listAttempts, listCommands, listDeadLetters, listEvents, listIntegrationStatus, readTimeline,
} from '#read-models';
import { openApiKeys } from '#vault';
import { POLICIES } from '#walls';
import { anEvent, applyManifest, commandOf, consoleWorld, MANIFEST, TESTER, type ConsoleWorld } from './test/console-world.ts';

/** What stands behind `tenant-wall.ts`: here its filters are left out, as a mistake would, and Postgres is asked alone. */
let world: ConsoleWorld;
let db: Database;
const correlationId = newCorrelationId();
const made: Record<string, { eventId: string; commandId: string }> = {};
const page = { limit: 100 };

beforeAll(async () => {
  world = await consoleWorld();
  const [stripe, slack] = MANIFEST.integrations;
  await applyManifest(world.log, { ...MANIFEST, integrations: [{ ...stripe!, tenant: 'north' }, { ...slack!, tenant: 'south' }] }, 2);
  for (const tenant of ['north', 'south']) {
    const event = anEvent({ tenant, correlationId });
    await world.log.append(event);
    const command = { ...commandOf(event), tenant };
    await world.attempt(command, 'dead-lettered', { failure: { class: 'client', code: 'partner-refused', message: 'no' } });
    await world.keys.create({ name: tenant, scopes: ['read'], tenant }, TESTER);
    made[tenant] = { eventId: event.id, commandId: command.id };
  }
  await world.project();
  const owner = new pg.Client({ connectionString: world.databaseUrl });
  await owner.connect();
  await owner.query(`
    insert into account_states select partner, integration, 'spec', 'open', null, now(), now() from (values ('stripe', 'acme'), ('slack', 'ops')) as account(partner, integration);
    truncate account_days; insert into account_days values ('stripe', 'acme', '2026-01-01', 1), ('slack', 'ops', '2026-01-01', 1);
    insert into people.subjects (id, tenant, key) select gen_random_uuid(), tenant, '' from (values ('north'), ('south')) as known(tenant);
    insert into subject_events select id, '1', 1, gen_random_uuid(), now() from people.subjects;
    insert into people.suppressions select sha256(tenant::bytea), tenant, 'email', 'suppressed', now(), 'spec' from people.subjects`);
  await owner.end();
  db = openDatabase({ url: world.databaseUrl, applicationName: 'second-wall', role: 'trunkline_console' });
});
afterAll(async () => {
  await db.close();
  await world.end();
});

/** Everything that the console can ask of the database, by the ids of what was found. None of it names a tenant. */
const sight = async (seen: Database) => ({
  events: (await listEvents(seen, {}, page)).items.filter(({ type }) => type.startsWith('inbound.')).map(({ id }) => id),
  ofPartner: (await listEvents(seen, { partner: 'stripe' }, page)).items.map(({ id }) => id),
  ofHub: (await listEvents(seen, { partner: 'trunkline' }, page)).items.length,
  timeline: (await readTimeline(seen, { correlationId }, page)).items.filter(({ type }) => type.startsWith('inbound.')).map(({ id }) => id),
  commands: (await listCommands(seen, {}, page)).items.map(({ id }) => id),
  ofState: (await listCommands(seen, { state: 'dead' }, page)).items.map(({ id }) => id),
  deadLetters: (await listDeadLetters(seen, {}, page)).items.map(({ id }) => id),
  groups: (await groupDeadLetters(seen, {})).groups.map(({ count }) => count),
  accounts: (await listIntegrationStatus(seen)).map(({ partner }) => partner).filter((partner) => partner !== 'trunkline'),
  standings: (await listAccountStates(seen)).map(({ partner }) => partner).toSorted(),
  calls: (await seen.pool.query<{ partner: string }>('select partner from account_days order by partner')).rows.map(({ partner }) => partner),
  people: (await seen.pool.query<{ tenant: string }>('select tenant from people.subjects order by tenant')).rows.map(({ tenant }) => tenant),
  aboutPeople: (await seen.pool.query('select from subject_events')).rowCount,
  suppressions: (await seen.pool.query('select from people.suppressions')).rowCount,
  keys: (await openApiKeys(seen).list()).map(({ name }) => name).toSorted(),
});

const byId = async (seen: Database, { eventId, commandId }: { eventId: string; commandId: string }) => [
  (await readEvent(seen, eventId))?.id, (await readEvent(seen, outcomeEventId(commandId, 1)))?.type, (await findCommand(seen, commandId))?.id,
  (await findStandings(seen, [commandId])).size, (await listAttempts(seen, commandId, 1)).length,
];

const all = () => Object.values(made);

describe('over the console’s role, without any filter,', () => {
  it.each([['north', 'south', 'stripe'], ['south', 'north', 'slack']])('%s sees its own alone', async (tenant, other, account) => {
    const { eventId, commandId } = made[tenant]!;
    expect(await sight(forTenant(db, tenant))).toEqual({
      events: [eventId], ofPartner: [eventId], ofHub: 0, timeline: [eventId], commands: [commandId], ofState: [commandId], deadLetters: [commandId], groups: [1],
      accounts: [account], standings: [account], calls: [account], people: [tenant], aboutPeople: 1, suppressions: 1, keys: [tenant],
    });
    expect(await byId(forTenant(db, tenant), made[tenant]!)).toEqual([eventId, 'command.dead-lettered', commandId, 1, 1]);
    expect(await byId(forTenant(db, tenant), made[other]!)).toEqual([undefined, undefined, undefined, 0, 0]);
  });

  it('one that says so sees all', async () => {
    const seen = await sight(forTenant(db, ALL_TENANTS));
    expect(seen).toMatchObject({ groups: [2], accounts: ['slack', 'stripe'], standings: ['slack', 'stripe'], calls: ['slack', 'stripe'], people: ['north', 'south'], aboutPeople: 2, suppressions: 2, keys: ['ana', 'north', 'south'] });
    expect(seen.events).toHaveLength(2);
    expect(seen.ofHub).toBeGreaterThan(0);
  });

  it.each([['one that forgot to say whose it is', (): Database => db], ['a tenant that nobody has', (): Database => forTenant(db, 'nobody')], ['a tenant by an odd name', (): Database => forTenant(db, `' or true --`)]])(
    '%s sees nothing', async (_who, seen) => {
      expect(await sight(seen())).toEqual({
        events: [], ofPartner: [], ofHub: 0, timeline: [], commands: [], ofState: [], deadLetters: [], groups: [], accounts: [], standings: [], calls: [], people: [], aboutPeople: 0, suppressions: 0, keys: [],
      });
      for (const one of all()) expect(await byId(seen(), one)).toEqual([undefined, undefined, undefined, 0, 0]);
    });

  it.each(Object.entries(POLICIES).filter(([, policies]) => policies.some(({ role }) => role === 'trunkline_console')).map(([table]) => table))('%s shows nothing until it is told whose', async (table) => {
    const seenBy = async (seen: Database) => (await seen.pool.query<{ count: number }>(`select count(*)::int as count from ${table}`)).rows[0]!.count;
    const [whole, north, nobody] = [await seenBy(forTenant(db, ALL_TENANTS)), await seenBy(forTenant(db, 'north')), await seenBy(db)];
    expect(nobody).toBe(0);
    expect(north).toBeGreaterThan(0);
    expect(whole).toBeGreaterThan(north);
  });

  it('a tenant leaves nothing behind on the connection that it used', async () => {
    const one = openDatabase({ url: world.databaseUrl, applicationName: 'second-wall', role: 'trunkline_console', max: 1 });
    expect((await listEvents(forTenant(one, 'north'), {}, page)).items.length).toBeGreaterThan(0);
    expect((await listEvents(one, {}, page)).items).toEqual([]);
    await one.close();
  });

  it('a tenant cannot write for another, nor touch its commands', async () => {
    const north = forTenant(db, 'north');
    const insert = (tenant: string, partner: string) => north.pool.query(
      `insert into events (segment, id, type, partner, integration, tenant, correlation_id, occurred_at, schema_version, content_type, data, headers)
       values (0, gen_random_uuid(), 'operator.x', $1, 'acme', $2, gen_random_uuid(), now(), 1, 'text/plain', '', '{}') returning id`, [partner, tenant]);
    expect((await insert('north', 'stripe')).rowCount).toBe(1);
    await expect(insert('south', 'stripe')).rejects.toMatchObject({ code: '42501' });
    await expect(insert('north', 'trunkline')).rejects.toMatchObject({ code: '42501' });
    const release = (id: string) => north.pool.query(`update commands set state = 'released' where id = $1`, [id]);
    expect((await release(made['south']!.commandId)).rowCount).toBe(0);
    expect((await release(made['north']!.commandId)).rowCount).toBe(1);
  });
});

/** The lists go by the same indexes as before: row-level conditions come on top, and never make Postgres read a table from end to end. */
describe('the lists of the console', () => {
  const plan = async (sql: string): Promise<string> => {
    // So few rows would be taken by a bitmap, whatever else could be done.
    const { rows } = await inTransaction(forTenant(db, 'north'), async (client) => {
      await client.query('set local enable_bitmapscan = off');
      return client.query<{ 'QUERY PLAN': string }>(`explain ${sql}`);
    });
    return rows.map((row) => row['QUERY PLAN']).join('\n');
  };

  it.each([
    ['events of one kind', 'event_feed_by_kind', `select * from event_feed where kind = 7 and (tx, position) < ('9', 9) order by tx desc, position desc limit 51`],
    ['all events', 'event_feed_pkey', `select * from event_feed where (tx, position) < ('9', 9) order by tx desc, position desc limit 51`],
    ['a flow', 'event_feed_by_flow', `select * from event_feed where correlation_id = '${correlationId}' order by tx, position limit 51`],
    ['commands of one kind', 'deliveries_by_kind', `select * from deliveries where kind = 7 and (first_tx, first_position) < ('9', 9) order by first_tx desc, first_position desc limit 51`],
    ['dead letters', 'deliveries_set_aside', `select * from deliveries where state in ('dead', 'expired', 'uncertain') and (last_tx, last_position) < ('9', 9) order by last_tx desc, last_position desc limit 51`],
    ['one event', 'events_0_in_order', `select * from events where segment = 0 and tx = '9' and position = 9`],
    ['one command', 'commands_pkey', `select * from commands where id = '${correlationId}'`],
  ])('find %s by the index', async (_what, index, sql) => {
    const text = await plan(sql);
    expect(text).toMatch(new RegExp(`Index (Only )?Scan.* using ${index}`));
    expect(text).toContain('Index Cond');
    expect(text).not.toMatch(/Seq Scan on (event_feed|deliveries|events|commands)\b|Sort Key/);
  });
});
