import { expect, it } from 'vitest';
import { HubError } from '#contract';
import type { NoticeLedger, OpenNotice } from '#notify';
import { keepBook } from './keep-book.ts';
import { keyOf } from './watch-conditions.ts';

const NOTICE = { condition: 'TrunklineLogUnavailable', subject: '', since: 1_000 };

/** The ledger as one process sees it, in memory: it can be away. */
const fakeLedger = () => {
  const rows = new Map<string, OpenNotice>();
  const state = { away: false, claims: 0 };
  const present = (): void => {
    if (state.away) throw new HubError('log-unavailable', 'away');
  };
  const update = (key: string, more: Partial<OpenNotice>): boolean => {
    const row = rows.get(key);
    if (row !== undefined) rows.set(key, { ...row, ...more });
    return row !== undefined;
  };
  const ledger: NoticeLedger = {
    open: async () => (present(), [...rows.values()]),
    claim: async (notice) => {
      present();
      state.claims += 1;
      if (rows.has(keyOf(notice))) return false;
      rows.set(keyOf(notice), { ...notice, toldAt: undefined });
      return true;
    },
    told: async (keys, now) => (present(), keys.forEach((key) => update(keyOf(key), { toldAt: now }))),
    renew: async () => present(),
    remind: async (key, now, before) => (present(), (rows.get(keyOf(key))?.toldAt ?? Infinity) <= before && update(keyOf(key), { toldAt: now })),
    recover: async (key) => (present(), rows.delete(keyOf(key))),
  };
  return { rows, state, ledger };
};

it('tells once while the ledger is there, and does not ask it again for what was told', async () => {
  const { ledger, state } = fakeLedger();
  const book = keepBook(ledger);
  expect(await book.claim(NOTICE, 2_000)).toBe(true);
  await book.told([NOTICE], 3_000);
  expect(await book.claim(NOTICE, 4_000)).toBe(false);
  expect(state.claims).toBe(1);
});

it('tells once also while the ledger is away, and puts it down there afterwards', async () => {
  const { ledger, rows, state } = fakeLedger();
  const book = keepBook(ledger);
  state.away = true;
  await book.refresh(1_000);
  expect(await book.claim(NOTICE, 2_000)).toBe(true);
  expect(await book.claim(NOTICE, 3_000)).toBe(false);
  await book.told([NOTICE], 3_500);
  expect(await book.claim(NOTICE, 4_000)).toBe(false);
  expect(await book.recover(NOTICE, 4_000)).toBe(false);
  expect(book.open()).toEqual([{ ...NOTICE, toldAt: 3_500 }]);
  state.away = false;
  await book.refresh(5_000);
  expect([...rows.values()]).toEqual([{ ...NOTICE, toldAt: 3_500 }]);
  expect(await book.claim(NOTICE, 6_000)).toBe(false);
  expect([await book.recover(NOTICE, 7_000), await book.recover(NOTICE, 8_000)]).toEqual([true, false]);
});

it('does not tell again what it told when the ledger went away in between', async () => {
  const { ledger, rows, state } = fakeLedger();
  const book = keepBook(ledger);
  expect(await book.claim(NOTICE, 2_000)).toBe(true);
  state.away = true;
  await book.told([NOTICE], 3_000);
  state.away = false;
  await book.refresh(500_000);
  expect(rows.get(keyOf(NOTICE))?.toldAt).toBe(3_000);
  expect(await book.claim(NOTICE, 500_000)).toBe(false);
});

it('reminds when it is time, with the ledger and without', async () => {
  const { ledger, rows, state } = fakeLedger();
  const book = keepBook(ledger);
  await book.claim(NOTICE, 0);
  await book.told([NOTICE], 0);
  const remind = (now: number) => book.remind(NOTICE, now, now - 100);
  expect([await remind(99), await remind(100), await remind(101)]).toEqual([false, true, false]);
  state.away = true;
  expect([await remind(200), await remind(201)]).toEqual([true, false]);
  state.away = false;
  await book.refresh(210);
  expect(rows.get(keyOf(NOTICE))?.toldAt).toBe(200);
  expect(await remind(299)).toBe(false);
});

it('knows what others told', async () => {
  const { ledger } = fakeLedger();
  const [mine, theirs] = [keepBook(ledger), keepBook(ledger)];
  await theirs.claim(NOTICE, 0);
  await mine.refresh(10);
  expect(mine.open()).toHaveLength(1);
  expect(await mine.claim(NOTICE, 20)).toBe(false);
  await theirs.recover(NOTICE, 30);
  await mine.refresh(40);
  expect(mine.open()).toEqual([]);
});
