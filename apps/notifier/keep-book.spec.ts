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
    claim: async (notice, by, left) => {
      present();
      state.claims += 1;
      const row = rows.get(keyOf(notice));
      if (row !== undefined && row.claim?.id !== left) return false;
      rows.set(keyOf(notice), { ...notice, toldAt: undefined, telling: 'opened', claim: by });
      return true;
    },
    told: async (ids, now) => {
      present();
      for (const [key, row] of rows) {
        if (row.telling === undefined || !ids.includes(row.claim!.id)) continue;
        if (row.telling === 'recovered') rows.delete(key);
        else update(key, { toldAt: now, telling: undefined });
      }
    },
    renew: async (ids, now) => (present(), rows.forEach((row, key) => ids.includes(row.claim?.id ?? '') && update(key, { claim: { ...row.claim!, at: now } }))),
    remind: async (key, by, { toldAt, left }) => {
      present();
      const row = rows.get(keyOf(key));
      return row?.toldAt === toldAt && (row.telling === undefined || row.claim?.id === left) && update(keyOf(key), { telling: 'reminded', claim: by });
    },
    recover: async (key, by, left) => {
      present();
      const row = rows.get(keyOf(key));
      return row !== undefined && (row.telling !== 'recovered' || row.claim?.id === left) && update(keyOf(key), { telling: 'recovered', claim: by });
    },
    save: async (notice) => (present(), void rows.set(keyOf(notice), notice)),
  };
  return { rows, state, ledger };
};

const at = (ms: number) => ({ at: ms, steady: ms });
const AGES = 1_000_000;

it('tells once while the ledger is there, and does not ask it again for what was told', async () => {
  const { ledger, state } = fakeLedger();
  const book = keepBook(ledger);
  expect(await book.claim(NOTICE, 'm1', at(2_000))).toBe(true);
  await book.told('m1', at(3_000));
  expect(await book.claim(NOTICE, 'm2', at(AGES))).toBe(false);
  expect(state.claims).toBe(1);
});

it('tells once also while the ledger is away, and puts it down there afterwards', async () => {
  const { ledger, rows, state } = fakeLedger();
  const book = keepBook(ledger);
  state.away = true;
  await book.refresh(at(1_000));
  expect(await book.claim(NOTICE, 'm1', at(2_000))).toBe(true);
  expect(await book.claim(NOTICE, 'm2', at(3_000))).toBe(false);
  await book.told('m1', at(3_500));
  expect(await book.claim(NOTICE, 'm3', at(4_000))).toBe(false);
  expect(await book.recover(NOTICE, 'm4', at(4_000))).toBe(false);
  const told = { ...NOTICE, toldAt: 3_500, telling: undefined, claim: { id: 'm1', at: 2_000 } };
  expect(book.open()).toEqual([told]);
  state.away = false;
  await book.refresh(at(5_000));
  expect([...rows.values()]).toEqual([told]);
  expect(await book.claim(NOTICE, 'm5', at(6_000))).toBe(false);
  expect([await book.recover(NOTICE, 'm6', at(7_000)), await book.recover(NOTICE, 'm7', at(8_000))]).toEqual([true, false]);
});

it('does not tell again what it told when the ledger went away in between', async () => {
  const { ledger, rows, state } = fakeLedger();
  const book = keepBook(ledger);
  expect(await book.claim(NOTICE, 'm1', at(2_000))).toBe(true);
  state.away = true;
  await book.told('m1', at(3_000));
  state.away = false;
  await book.refresh(at(500_000));
  expect(rows.get(keyOf(NOTICE))).toMatchObject({ toldAt: 3_000, telling: undefined });
  expect(await book.claim(NOTICE, 'm2', at(500_000))).toBe(false);
});

it('reminds when it is time, with the ledger and without', async () => {
  const { ledger, rows, state } = fakeLedger();
  const book = keepBook(ledger);
  await book.refresh(at(0));
  await book.claim(NOTICE, 'm1', at(0));
  await book.told('m1', at(0));
  const remind = async (ms: number) => {
    const won = await book.remind(NOTICE, `r${ms}`, at(ms), 100);
    if (won) await book.told(`r${ms}`, at(ms));
    return won;
  };
  expect([await remind(99), await remind(100), await remind(101)]).toEqual([false, true, false]);
  state.away = true;
  expect([await remind(200), await remind(201)]).toEqual([true, false]);
  state.away = false;
  await book.refresh(at(210));
  expect(rows.get(keyOf(NOTICE))?.toldAt).toBe(200);
  expect([await remind(299), await remind(300)]).toEqual([false, true]);
});

it('knows what others told', async () => {
  const { ledger } = fakeLedger();
  const [mine, theirs] = [keepBook(ledger), keepBook(ledger)];
  await theirs.claim(NOTICE, 'm1', at(0));
  await mine.refresh(at(10));
  expect(mine.open()).toHaveLength(1);
  expect(await mine.claim(NOTICE, 'm2', at(20))).toBe(false);
  await theirs.recover(NOTICE, 'm3', at(30));
  await theirs.told('m3', at(35));
  await mine.refresh(at(40));
  expect(mine.open()).toEqual([]);
});

it.each(['opened', 'reminded', 'recovered'] as const)('takes over what another left untold for two minutes: %s; not what that one still tells', async (telling) => {
  const { ledger } = fakeLedger();
  const [mine, theirs] = [keepBook(ledger), keepBook(ledger)];
  await theirs.claim(NOTICE, 'm1', at(0));
  if (telling !== 'opened') await theirs.told('m1', at(0));
  if (telling === 'reminded') await theirs.remind(NOTICE, 'm2', at(100), 100);
  if (telling === 'recovered') await theirs.recover(NOTICE, 'm2', at(100));
  const ask = async (id: string, ms: number, steady: number): Promise<boolean> => {
    const now = { at: ms, steady };
    await mine.refresh(now);
    return telling === 'opened' ? mine.claim(NOTICE, id, now) : telling === 'reminded' ? mine.remind(NOTICE, id, now, AGES) : mine.recover(NOTICE, id, now);
  };
  expect([await ask('t1', 200, 200), await ask('t2', AGES, 119_000)]).toEqual([false, false]);
  await theirs.renew(['m1', 'm2'], at(130_000));
  expect([await ask('t3', -AGES, 130_000), await ask('t4', -AGES, 249_000)]).toEqual([false, false]);
  expect([await ask('t5', -AGES, 250_000), await ask('t6', AGES, 260_000)]).toEqual([true, false]);
});

it('waits for a reminder by time that passes, whatever the clock of day says; only what was told in an earlier life is as old as is written', async () => {
  const { ledger } = fakeLedger();
  const book = keepBook(ledger);
  await book.refresh(at(0));
  await book.claim(NOTICE, 'm1', at(0));
  await book.told('m1', at(0));
  expect(await book.remind(NOTICE, 'r1', { at: AGES, steady: 99 }, 100)).toBe(false);
  expect(await book.remind(NOTICE, 'r1', { at: -AGES, steady: 100 }, 100)).toBe(true);
  await book.told('r1', { at: -AGES, steady: 100 });
  const next = keepBook(ledger);
  await next.refresh({ at: -AGES + 60, steady: 7 });
  expect(await next.remind(NOTICE, 'r2', { at: 0, steady: 46 }, 100)).toBe(false);
  expect(await next.remind(NOTICE, 'r2', { at: 0, steady: 47 }, 100)).toBe(true);
});
