import { afterAll, beforeAll, expect, it } from 'vitest';
import { freshDatabase, type FreshDatabase } from '#testkit';
import { listAccountStates, STANDINGS, tellAccountStates, type AccountStanding } from './account-states.ts';
import { openDatabase, type Database } from './database.ts';
import { migrate } from './run-migrations.ts';

let server: FreshDatabase;
let db: Database;
beforeAll(async () => {
  server = await freshDatabase();
  await migrate(server.url);
  db = openDatabase({ url: server.url, applicationName: 'account-states-test' });
});
afterAll(async () => {
  await db.close();
  await server.drop();
});

const A = { partner: 'slack', process: 'a' };
const open: AccountStanding = { integration: 'ops', state: 'open' };
const shut: AccountStanding = { integration: 'hr', state: 'shut', reason: 'these variables are not set: SLACK_TOKEN' };

it('tells how each process stands, since when, and forgets what it no longer serves', async () => {
  await tellAccountStates(db, A, [open, shut]);
  const [hr, ops] = await listAccountStates(db);
  expect([hr, ops]).toMatchObject([{ partner: 'slack', ...shut }, { partner: 'slack', ...open, reason: undefined }]);
  await tellAccountStates(db, A, [open, shut]);
  expect((await listAccountStates(db)).map(({ since }) => since)).toEqual([hr!.since, ops!.since]);
  await tellAccountStates(db, A, [{ ...open, state: 'held', reason: 'asked' }]);
  const [held] = await listAccountStates(db);
  expect(held).toMatchObject({ integration: 'ops', state: 'held', reason: 'asked' });
  expect(held!.since > ops!.since).toBe(true);
  expect(await listAccountStates(db)).toHaveLength(1);
});

it('does not count what was not told again for a minute, and lets go of it after ten', async () => {
  await tellAccountStates(db, { ...A, process: 'b' }, [open]);
  const age = (seconds: number) => db.pool.query(`update account_states set seen_at = clock_timestamp() - make_interval(secs => ${seconds}) where process = 'a'`);
  await age(61);
  expect((await listAccountStates(db)).map(({ state }) => state)).toEqual(['open']);
  await age(601);
  await tellAccountStates(db, { ...A, process: 'b' }, [open]);
  expect((await db.pool.query('select process from account_states')).rows).toEqual([{ process: 'b' }]);
});

it.each(STANDINGS)('takes %s for an answer', async (state) => {
  await tellAccountStates(db, { ...A, process: 'b' }, [{ ...open, state }]);
  expect((await listAccountStates(db)).map((told) => told.state)).toEqual([state]);
});

it('leaves nothing behind of a process that stops', async () => {
  await tellAccountStates(db, { ...A, process: 'b' }, []);
  expect(await listAccountStates(db)).toEqual([]);
});
