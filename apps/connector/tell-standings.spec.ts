import { expect, it } from 'vitest';
import type { Account } from './accounts.ts';
import { tellStandings } from './tell-standings.ts';

const world = () => {
  const told: string[] = [];
  const state = { now: 0, ready: true, closed: undefined as { why: 'held'; reason: string } | undefined, told };
  const account = { spec: { partner: 'slack', name: 'ops' }, gate: { closed: () => state.closed } } as unknown as Account;
  const look = tellStandings({
    accounts: () => [account],
    tell: async ([standing]) => void told.push(`${standing!.state} ${standing!.reason ?? ''}`.trim()),
    logReady: () => state.ready,
    now: () => state.now,
  });
  return { state, look };
};

it('tells what is different at once, and what is not after a while', async () => {
  const { state, look } = world();
  await look();
  state.now = 14_999;
  await look();
  expect(state.told).toEqual(['open']);
  state.now = 15_000;
  await look();
  expect(state.told).toEqual(['open', 'open']);
  state.closed = { why: 'held', reason: 'the partner refuses our credentials' };
  await look();
  expect(state.told.at(-1)).toBe('refused the partner refuses our credentials');
  state.closed = { why: 'held', reason: 'the partner asked us to wait' };
  await look();
  expect(state.told.at(-1)).toBe('held the partner asked us to wait');
});

it('tells nothing while the log is away, and everything afterwards', async () => {
  const { state, look } = world();
  state.ready = false;
  await look();
  expect(state.told).toEqual([]);
  state.ready = true;
  await look();
  expect(state.told).toEqual(['open']);
});
