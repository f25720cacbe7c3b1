import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { migrate, openDatabase, type Database } from '#event-log';
import { startTestPostgres, type TestPostgres } from '#testkit';
import { openNoticeLedger, type NoticeLedger } from './notice-ledger.ts';

let postgres: TestPostgres;
let db: Database;
let ledger: NoticeLedger;
beforeAll(async () => {
  postgres = await startTestPostgres({ durable: false });
  await migrate(postgres.url);
  db = openDatabase({ url: postgres.url, applicationName: 'notices-test', max: 8 });
  ledger = openNoticeLedger(db);
});
afterAll(async () => {
  await db.close();
  await postgres.stop();
});
beforeEach(() => db.pool.query('update notices set recovered_at = now()'));

const MINUTE = 60_000;
const T0 = Date.parse('2026-03-01T12:00:00.123Z');
const KEY = { condition: 'TrunklineDeadLetters', subject: 'slack/ops' };
const NOTICE = { ...KEY, since: T0 };

it('gives a notice to one of many who claim it at once, and to nobody while it is open', async () => {
  const claims = await Promise.all(Array.from({ length: 8 }, () => ledger.claim(NOTICE, T0)));
  expect(claims.filter(Boolean)).toHaveLength(1);
  await ledger.told([KEY], T0 + 1_000);
  expect(await ledger.claim(NOTICE, T0 + 60 * MINUTE)).toBe(false);
  expect(await ledger.claim({ ...NOTICE, subject: 'slack/hr' }, T0)).toBe(true);
  expect(await ledger.open()).toEqual([{ ...NOTICE, subject: 'slack/hr', toldAt: undefined }, { ...NOTICE, toldAt: T0 + 1_000 }]);
});

it('gives to another what its first teller left untold for two minutes, unless it says that it goes on', async () => {
  expect(await ledger.claim(NOTICE, T0)).toBe(true);
  await ledger.renew([KEY], T0 + MINUTE);
  expect(await ledger.claim({ ...NOTICE, since: T0 + 2 * MINUTE }, T0 + 2 * MINUTE)).toBe(false);
  expect(await ledger.claim({ ...NOTICE, since: T0 + 3 * MINUTE }, T0 + 3 * MINUTE)).toBe(true);
  expect(await ledger.open()).toEqual([{ ...NOTICE, toldAt: undefined }]);
});

it('lets one remind, when it was told long enough ago', async () => {
  await ledger.claim(NOTICE, T0);
  const remind = (now: number) => ledger.remind(KEY, now, now - 10 * MINUTE);
  expect(await remind(T0 + 60 * MINUTE)).toBe(false); // nobody was told yet
  await ledger.told([KEY], T0);
  expect(await remind(T0 + 9 * MINUTE)).toBe(false);
  expect((await Promise.all([remind(T0 + 10 * MINUTE), remind(T0 + 10 * MINUTE)])).filter(Boolean)).toHaveLength(1);
  expect(await remind(T0 + 19 * MINUTE)).toBe(false);
});

it('lets one tell that it is over, and begins anew afterwards', async () => {
  await ledger.claim(NOTICE, T0);
  await ledger.told([KEY], T0);
  expect((await Promise.all([ledger.recover(KEY, T0 + MINUTE), ledger.recover(KEY, T0 + MINUTE)])).filter(Boolean)).toHaveLength(1);
  expect(await ledger.open()).toEqual([]);
  expect(await ledger.remind(KEY, T0 + 60 * MINUTE, T0 + 50 * MINUTE)).toBe(false);
  expect(await ledger.claim({ ...NOTICE, since: T0 + 2 * MINUTE }, T0 + 3 * MINUTE)).toBe(true);
  expect(await ledger.open()).toEqual([{ ...NOTICE, since: T0 + 2 * MINUTE, toldAt: undefined }]);
});

it('says that the log is unavailable while Postgres is away', async () => {
  await postgres.halt();
  await expect(ledger.claim(NOTICE, T0)).rejects.toMatchObject({ code: 'log-unavailable' });
  await postgres.resume();
});
