import { readFile } from 'node:fs/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { APP_ROLE, openDatabase, openEventLog, ROLES, type RoleName } from '#event-log';
import { freshDatabase, startTestPostgres, type FreshDatabase } from '#testkit';
import { COMMANDS } from '../../apps/cli/commands.ts';
import { GRANTS, OWNERS_FUNCTIONS } from './grants.ts';
import { makeRoles } from './make-roles.ts';
import { POLICIES } from './policies.ts';
import { raiseWalls } from './raise-walls.ts';

let server: FreshDatabase;
let owner: pg.Client;
const logins: string[] = [];

const connected = async (url: string, role?: string): Promise<pg.Client> => {
  const client = new pg.Client({ connectionString: url, options: role && `-c role=${role}` });
  await client.connect();
  return client;
};

/** A login of its own that is a member of one role, as an operator would make it. */
const loginOf = async (role: string): Promise<string> => {
  const name = `login_${role}_${server.url.slice(-6)}`;
  await owner.query(`create role ${name} login password 'secret' in role ${role}`);
  logins.push(name);
  const url = new URL(server.url);
  [url.username, url.password] = [name, 'secret'];
  return url.href;
};

beforeAll(async () => {
  server = await freshDatabase();
  await COMMANDS['migrate']!.run('', { DATABASE_URL: server.url });
  owner = await connected(server.url);
});
afterAll(async () => {
  for (const name of logins) await owner.query(`drop role ${name}`);
  await owner.end();
  await server.drop();
});

/** Every table and view of ours but a partition, which is reached through its table alone: in `public`, by its name; elsewhere with its schema. */
const RELATIONS = `
  select case when n.nspname = 'public' then '' else n.nspname || '.' end || c.relname as name, c.oid
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p', 'v', 'm') and not c.relispartition and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname not like 'pg_t%'`;

/** One letter for each thing that a role may do with a table or with any column of it. */
const MATRIX = `
  select role, name, string_agg(letter, '' order by place) as may
  from (${RELATIONS}) as relation
  cross join unnest($1::text[]) as role
  cross join (values (1, 's', 'select'), (2, 'i', 'insert'), (3, 'u', 'update'), (4, 'd', 'delete'), (5, 't', 'truncate')) as known(place, letter, privilege)
  where case when privilege in ('delete', 'truncate') then has_table_privilege(role, oid, privilege) else has_any_column_privilege(role, oid, privilege) end
  group by role, name`;

/**
 * What each role may do: s(elect), i(nsert), u(pdate), d(elete), t(runcate). Said here a second time, so that a grant too many is seen.
 * A new table belongs here: in a line of each room that uses it, or among NOBODY's.
 */
const APPEND = { events: 'si', event_ids: 'si', segments: 's' };
const ANSWER_PEOPLE = { 'people.subjects': 'su', 'people.subject_identifiers': 'sd', 'people.peppers': 'si', 'people.suppressions': 'siu', subject_events: 's' };
const MAY: Record<RoleName, Record<string, string>> = {
  trunkline_ingest: { ...APPEND, applied_manifests: 's', webhook_minutes: 'siud', sealed_secrets: 's', 'people.subjects': 'siu', 'people.subject_identifiers': 'si', 'people.peppers': 'si' },
  trunkline_scheduler: { ...APPEND, applied_manifests: 's' },
  trunkline_relay: { events: 's', segments: 's', reader_positions: 'siu' },
  trunkline_router: { events: 's', applied_manifests: 's', 'people.subjects': 's' },
  trunkline_connector: { ...APPEND, applied_manifests: 's', commands: 'siu', account_states: 'siud', sealed_secrets: 's', oauth_tokens: 'siu', 'people.subjects': 's', 'people.peppers': 'si', 'people.suppressions': 's' },
  trunkline_projector: {
    events: 's', segments: 's', reader_positions: 'siu', event_kinds: 'sit', event_feed: 'sit', event_minutes: 'sit', delivery_kinds: 'sit', deliveries: 'siut', integration_status: 'siut',
    account_days: 'siut', account_minutes: 'siudt', subject_events: 'sit',
  },
  trunkline_console: {
    ...APPEND, applied_manifests: 's', accounts_in_force: 's', reader_positions: 's', commands: 'su', event_kinds: 's', event_feed: 's', event_minutes: 's',
    delivery_kinds: 's', deliveries: 's', integration_status: 's', account_days: 's', account_states: 's', api_keys: 'siu', sealed_secrets: 'siud', ...ANSWER_PEOPLE,
  },
  trunkline_keeper: { ...APPEND, applied_manifests: 's', segments: 'su', reader_positions: 'siu', event_feed: 'sd', event_minutes: 'sd', deliveries: 'sd', subject_events: 'sd', 'people.subjects': 's', 'people.peppers': 'si', 'people.suppressions': 'siu' },
  trunkline_notifier: {
    applied_manifests: 's', events: 's', segments: 's', reader_positions: 's', account_states: 's', account_minutes: 's', account_days: 's', webhook_minutes: 's',
    integration_status: 's', notices: 'siu',
  },
  trunkline_operator: { ...APPEND, applied_manifests: 's', api_keys: 'siu', sealed_secrets: 'siud', oauth_tokens: 'su', ...ANSWER_PEOPLE, 'people.peppers': 'siu', 'people.subject_keys': 'su' },
};

/** Tables that only the owner touches. */
const NOBODY = ['schema_migrations'];

describe('the walls between the rooms', () => {
  it('grant each role what is written here, and nothing else', async () => {
    const { rows } = await owner.query<{ role: RoleName; name: string; may: string }>(MATRIX, [ROLES]);
    const found = Object.fromEntries(ROLES.map((role) => [role, Object.fromEntries(rows.filter((row) => row.role === role).map(({ name, may }) => [name, may]))]));
    expect(found).toEqual(MAY);
  });

  it('know every table that there is, and name none that is not', async () => {
    const { rows } = await owner.query<{ name: string }>(RELATIONS);
    const known = [...new Set([...Object.values(GRANTS).flatMap((granted) => Object.keys(granted)), ...NOBODY])].filter((name) => !name.startsWith('sequence '));
    expect(known.toSorted()).toEqual(rows.map((row) => row.name).toSorted());
    for (const table of Object.keys(POLICIES)) expect(known).toContain(table);
  });

  it.each<[RoleName, string]>([
    ...ROLES.flatMap((role): [RoleName, string][] => [
      [role, `update events set type = 'x'`], [role, 'delete from events'], [role, 'truncate events'], [role, 'alter table events disable row level security'],
      [role, 'create table own ()'], [role, 'set session_replication_role = replica'],
    ]),
    ['trunkline_ingest', 'select data from events'],
    ['trunkline_ingest', 'select headers from events'],
    ['trunkline_ingest', 'select * from api_keys'],
    ['trunkline_ingest', 'select * from commands'],
    ['trunkline_scheduler', 'select data from events'],
    ['trunkline_relay', 'insert into events default values'],
    ['trunkline_relay', 'select * from commands'],
    ['trunkline_router', 'select data from events'],
    ['trunkline_router', 'insert into events default values'],
    ['trunkline_router', `insert into reader_positions values ('relay', '1', 1)`],
    ['trunkline_connector', 'select data from events'],
    ['trunkline_connector', 'select * from deliveries'],
    ['trunkline_connector', 'delete from commands'],
    ['trunkline_connector', `update commands set partner = 'other'`],
    ['trunkline_projector', 'insert into events default values'],
    ['trunkline_projector', 'select * from commands'],
    ['trunkline_projector', 'select * from api_keys'],
    ['trunkline_console', 'select * from oauth_tokens'],
    ['trunkline_ingest', `update sealed_secrets set sealed = ''`],
    ['trunkline_ingest', 'select * from oauth_tokens'],
    ['trunkline_ingest', 'update people.subjects set key = null'],
    ['trunkline_router', 'update people.subjects set key = null'],
    ['trunkline_relay', 'select * from people.subjects'],
    ['trunkline_projector', 'select * from people.subjects'],
    ['trunkline_connector', 'select * from people.subject_identifiers'],
    ['trunkline_connector', `update people.suppressions set state = 'allowed'`],
    ['trunkline_console', 'delete from event_feed'],
    ['trunkline_console', `update commands set partner = 'other'`],
    ['trunkline_console', `update api_keys set scopes = array['admin']`],
    ['trunkline_console', 'update reader_positions set position = 0'],
    ['trunkline_notifier', 'select data from events'],
    ['trunkline_notifier', 'insert into events default values'],
    ['trunkline_notifier', 'select * from sealed_secrets'],
    ['trunkline_keeper', 'drop table events_0'],
    ['trunkline_keeper', `update segments set dropped_at = now()`],
    ['trunkline_keeper', 'delete from event_ids'],
    ['trunkline_keeper', 'delete from commands'],
    ['trunkline_keeper', 'select * from api_keys'],
    ['trunkline_console', `select drop_segment(1, '{}')`],
    ['trunkline_operator', `select drop_segment(1, '{}')`],
    ['trunkline_operator', 'select * from commands'],
  ])('%s may not: %s', async (role, sql) => {
    const client = await connected(server.url, role);
    try {
      await expect(client.query(sql)).rejects.toMatchObject({ code: '42501' });
    } finally {
      await client.end();
    }
  });

  it('let a reader of the log move its own place alone', async () => {
    const places = async (role: RoleName, reader: string) => {
      const client = await connected(server.url, role);
      try {
        await client.query(`insert into reader_positions (reader, tx, position) values ($1, '1', 1) on conflict (reader) do update set position = excluded.position`, [reader]);
        return (await client.query<{ reader: string }>('select reader from reader_positions')).rows.map((row) => row.reader);
      } finally {
        await client.end();
      }
    };
    expect(await places('trunkline_relay', 'relay')).toEqual(['relay']);
    expect(await places('trunkline_projector', 'projection:x')).toEqual(['projection:x']);
    expect((await places('trunkline_keeper', 'consent')).toSorted()).toEqual(['consent', 'projection:x', 'relay']);
    await expect(places('trunkline_relay', 'projection:x')).rejects.toMatchObject({ code: '42501' });
    await expect(places('trunkline_keeper', 'relay')).rejects.toMatchObject({ code: '42501' });
    await expect(places('trunkline_projector', 'relay')).rejects.toMatchObject({ code: '42501' });
  });

  it('let each function that runs as the owner be called by one role alone', async () => {
    const { rows } = await owner.query<{ name: string; callers: string[] }>(`
      select p.proname::text as name, array(select role from unnest($1::text[]) as role where has_function_privilege(role, p.oid, 'execute')) as callers
      from pg_proc p join pg_namespace n on n.oid = p.pronamespace
      where p.prosecdef and n.nspname not in ('pg_catalog', 'information_schema')`, [[...ROLES, 'public']]);
    expect(Object.fromEntries(rows.map(({ name, callers }) => [name, callers]))).toEqual(Object.fromEntries(Object.entries(OWNERS_FUNCTIONS).map(([name, caller]) => [name, [caller]])));
  });

  it('keep the segments of the log behind the log', async () => {
    const { rows } = await owner.query(`
      select c.relname, role from pg_class c cross join unnest($1::text[]) as role
      where c.relispartition and c.relkind = 'r' and has_any_column_privilege(role, c.oid, 'select, insert, update')`, [[...ROLES, APP_ROLE]]);
    expect(rows).toEqual([]);
  });

  it('are the same after they were raised again, whatever was granted in between', async () => {
    await owner.query(`grant all on events, api_keys to trunkline_ingest; grant delete on commands to ${APP_ROLE}`);
    await raiseWalls(server.url);
    const { rows } = await owner.query<{ role: string; name: string; may: string }>(MATRIX, [['trunkline_ingest']]);
    expect(Object.fromEntries(rows.map(({ name, may }) => [name, may]))).toEqual(MAY.trunkline_ingest);
    expect((await owner.query(`select has_table_privilege('${APP_ROLE}', 'commands', 'delete') as may`)).rows).toEqual([{ may: false }]);
  });
});

/** Row-level security is there for the console; what the others do all day is planned as if it were not. */
describe('the statements of the hot paths', () => {
  const folder = new URL('../event-log/statements/', import.meta.url);
  const planOf = async (role: RoleName, file: string, withWalls: boolean): Promise<string> => {
    await owner.query('begin');
    try {
      if (!withWalls) for (const table of Object.keys(POLICIES)) await owner.query(`alter table ${table} disable row level security`);
      await owner.query(`set local role ${role}; set local enable_seqscan = off`);
      const { rows } = await owner.query(`explain (generic_plan, verbose) ${await readFile(new URL(file, folder), 'utf8')}`);
      return rows.map((row) => row['QUERY PLAN']).join('\n');
    } finally {
      await owner.query('rollback');
    }
  };

  it('meet no policy when they write: nothing is asked of a row that ingest or a connector stores', () => {
    for (const table of ['events', 'event_ids', 'segments', 'commands']) expect((POLICIES[table] ?? []).map(({ role }) => role).filter((role) => role !== 'trunkline_console'), table).toEqual([]);
  });

  it.each<[RoleName, string]>([
    ['trunkline_ingest', 'append-events.sql'], ['trunkline_ingest', 'find-originals.sql'], ['trunkline_relay', 'read-events.sql'], ['trunkline_relay', 'peek-beyond.sql'],
    ['trunkline_projector', 'read-events.sql'], ['trunkline_connector', 'claim-commands.sql'], ['trunkline_connector', 'find-standing.sql'], ['trunkline_connector', 'settle-commands.sql'],
  ])('are planned the same with the walls as without: %s, %s', async (role, file) => {
    expect(await planOf(role, file, true)).toBe(await planOf(role, file, false));
  });
});

describe('a login', () => {
  const ask = async (url: string, role: RoleName): Promise<unknown> => {
    const db = openDatabase({ url, applicationName: 'spec', role });
    const log = openEventLog(db);
    try {
      return await log.manifests();
    } finally {
      log.close();
      await db.close();
    }
  };

  it('of one room cannot be another, and says what it lacks', async () => {
    const url = await loginOf('trunkline_ingest');
    expect(await ask(url, 'trunkline_ingest')).toEqual([]);
    await expect(ask(url, 'trunkline_console')).rejects.toMatchObject({ code: 'role-refused', message: expect.stringContaining('not a member of trunkline_console') });
    const client = await connected(url);
    for (const role of [...ROLES.filter((one) => one !== 'trunkline_ingest'), APP_ROLE]) await expect(client.query(`set role ${role}`), role).rejects.toMatchObject({ code: '42501' });
    await expect(client.query('reset role; select * from api_keys')).rejects.toMatchObject({ code: '42501' });
    await client.end();
  });

  it('is made for each room by one command, which leaves what is there and shows what it draws once', async () => {
    const cluster = await startTestPostgres({ durable: false });
    const env = { DATABASE_URL: cluster.url, DB_PASSWORD_RELAY: `it's "mine"; drop` };
    await COMMANDS['migrate']!.run('', env);
    const first = (await COMMANDS['logins create']!.run('', env)).data['logins'] as { role: RoleName; made: boolean; url?: string }[];
    expect(first.map(({ role, made }) => [role, made])).toEqual(ROLES.map((role) => [role, true]));
    for (const { role, url } of first.filter(({ role }) => 'applied_manifests' in GRANTS[role])) expect(await ask(url!, role), role).toEqual([]);
    const relay = new URL(cluster.url);
    [relay.username, relay.password] = ['trunkline_relay_login', env.DB_PASSWORD_RELAY];
    await (await connected(relay.href, 'trunkline_relay')).end();
    const again = (await COMMANDS['logins create']!.run('', { ...env, DB_PASSWORD_INGEST: 'other' })).lines;
    expect(again[0]).toBe('trunkline_ingest_login  was there, with the password that is configured');
    expect(again.join()).not.toContain('postgres://');
    await expect(ask(first[0]!.url!, 'trunkline_ingest')).rejects.toThrow('password authentication failed');
    await cluster.stop();
  });

  it('that was made for the one role of earlier versions can still be every room', async () => {
    const url = await loginOf(APP_ROLE);
    for (const role of ['trunkline_ingest', 'trunkline_router', 'trunkline_console'] as const) expect(await ask(url, role), role).toEqual([]);
  });
});

describe('an owner who may not make roles', () => {
  it('is told what a superuser must run, and can go on when that was done', async () => {
    const cluster = await startTestPostgres({ durable: false });
    const superuser = await connected(cluster.url);
    await superuser.query(`create role plain login password 'secret'`);
    await superuser.query('create database plain owner plain');
    const url = new URL(cluster.url);
    [url.username, url.password, url.pathname] = ['plain', 'secret', '/plain'];
    const refusal = await makeRoles(url.href).then(() => undefined, (error: Error & { code: string }) => error);
    expect(refusal).toMatchObject({ code: 'role-refused' });
    expect(refusal!.message).toContain('The owner of the database, plain, may not make roles.');
    await superuser.query(refusal!.message.slice(refusal!.message.indexOf('\n')));
    await COMMANDS['migrate']!.run('', { DATABASE_URL: url.href });
    const { lines } = await COMMANDS['keys list']!.run('', { DATABASE_URL: url.href });
    expect(lines).toHaveLength(1);
    await superuser.end();
    await cluster.stop();
  });
});
