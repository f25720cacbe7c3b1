import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { migrate, openDatabase, type Database } from '#event-log';
import { startTestPostgres, type TestPostgres } from '#testkit';
import { openNoticeLedger, type Claim, type NoticeLedger } from './notice-ledger.ts';

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
beforeEach(() => db.pool.query('update notices set recovered_at = now(), telling = null'));

const MINUTE = 60_000;
const T0 = Date.parse('2026-03-01T12:00:00.123Z');
const KEY = { condition: 'TrunklineDeadLetters', subject: 'slack/ops' };
const NOTICE = { ...KEY, since: T0 };
const aClaim = (at = T0): Claim => ({ id: randomUUID(), at });

/** One that people were told of at T0. */
const told = async (): Promise<void> => {
  const claim = aClaim();
  await ledger.claim(NOTICE, claim);
  await ledger.told([claim.id], T0);
};
/** How many of eight who ask at once are told that they may. */
const winners = async (ask: () => Promise<boolean>): Promise<number> => (await Promise.all(Array.from({ length: 8 }, ask))).filter(Boolean).length;

it('gives a notice to one of many who claim it at once, and to nobody while it is told', async () => {
  expect(await winners(() => ledger.claim(NOTICE, aClaim()))).toBe(1);
  const [open] = await ledger.open();
  expect(open).toMatchObject({ ...NOTICE, toldAt: undefined, telling: 'opened' });
  await ledger.told([open!.claim!.id], T0 + 1_000);
  expect(await ledger.claim(NOTICE, aClaim(T0 + 60 * MINUTE), open!.claim!.id)).toBe(false);
  const other = aClaim();
  expect(await ledger.claim({ ...NOTICE, subject: 'slack/hr' }, other)).toBe(true);
  expect(await ledger.open()).toEqual([
    { ...NOTICE, subject: 'slack/hr', toldAt: undefined, telling: 'opened', claim: other },
    { ...NOTICE, toldAt: T0 + 1_000, telling: undefined, claim: open!.claim },
  ]);
});

it('gives what a teller left to one of those who name its message, since when it was; and hears no more of that message', async () => {
  const [first, second] = [aClaim(), aClaim(T0 + 3 * MINUTE)];
  await ledger.claim(NOTICE, first);
  await ledger.renew([first.id], T0 + MINUTE);
  expect((await ledger.open())[0]!.claim).toEqual({ ...first, at: T0 + MINUTE });
  expect(await ledger.claim({ ...NOTICE, since: T0 + MINUTE }, second)).toBe(false);
  expect(await ledger.claim({ ...NOTICE, since: T0 + MINUTE }, second, first.id)).toBe(true);
  expect(await ledger.claim(NOTICE, aClaim(), first.id)).toBe(false);
  await ledger.told([first.id], T0 + 4 * MINUTE);
  expect(await ledger.open()).toEqual([{ ...NOTICE, toldAt: undefined, telling: 'opened', claim: second }]);
});

it('lets one remind, of what was last told when it says so; it counts when a channel took it', async () => {
  const first = aClaim();
  await ledger.claim(NOTICE, first);
  expect(await ledger.remind(KEY, aClaim(), { toldAt: T0 })).toBe(false); // nobody was told yet
  await ledger.told([first.id], T0);
  expect(await winners(() => ledger.remind(KEY, aClaim(T0 + 10 * MINUTE), { toldAt: T0 }))).toBe(1);
  const { claim } = (await ledger.open())[0]!;
  expect(await winners(() => ledger.remind(KEY, aClaim(T0 + 13 * MINUTE), { toldAt: T0, left: claim!.id }))).toBe(1);
  const again = (await ledger.open())[0]!;
  expect(again).toMatchObject({ toldAt: T0, telling: 'reminded' });
  await ledger.told([again.claim!.id], T0 + 14 * MINUTE);
  expect(await ledger.open()).toMatchObject([{ toldAt: T0 + 14 * MINUTE, telling: undefined }]);
  expect(await ledger.remind(KEY, aClaim(), { toldAt: T0 })).toBe(false);
});

it('lets one tell that it is over, which it is when a channel took it, and begins anew afterwards', async () => {
  await told();
  expect(await winners(() => ledger.recover(KEY, aClaim(T0 + MINUTE)))).toBe(1);
  const left = (await ledger.open())[0]!;
  expect(left.telling).toBe('recovered');
  const claim = aClaim(T0 + 4 * MINUTE);
  expect([await ledger.recover(KEY, claim, left.claim!.id), await ledger.recover(KEY, aClaim(), left.claim!.id)]).toEqual([true, false]);
  await ledger.told([claim.id], T0 + 5 * MINUTE);
  expect(await ledger.open()).toEqual([]);
  expect(await ledger.remind(KEY, aClaim(), { toldAt: T0 })).toBe(false);
  expect(await ledger.claim({ ...NOTICE, since: T0 + 2 * MINUTE }, aClaim())).toBe(true);
  expect(await ledger.open()).toMatchObject([{ since: T0 + 2 * MINUTE, toldAt: undefined }]);
});

it('begins anew also while somebody tells that it is over', async () => {
  await told();
  const over = aClaim();
  await ledger.recover(KEY, over);
  expect(await ledger.claim({ ...NOTICE, since: T0 + MINUTE }, aClaim())).toBe(true);
  await ledger.told([over.id], T0 + MINUTE);
  expect(await ledger.open()).toMatchObject([{ since: T0 + MINUTE, telling: 'opened', toldAt: undefined }]);
});

it('takes down what was told without it', async () => {
  const claim = aClaim();
  await ledger.save({ ...NOTICE, telling: 'opened', claim });
  expect(await ledger.open()).toEqual([{ ...NOTICE, toldAt: undefined, telling: 'opened', claim }]);
  await ledger.save({ ...NOTICE, since: T0 + MINUTE, toldAt: T0 + MINUTE, claim });
  expect(await ledger.open()).toEqual([{ ...NOTICE, toldAt: T0 + MINUTE, telling: undefined, claim }]);
});

it('says that the log is unavailable while Postgres is away', async () => {
  await postgres.halt();
  await expect(ledger.claim(NOTICE, aClaim())).rejects.toMatchObject({ code: 'log-unavailable' });
  await postgres.resume();
});
