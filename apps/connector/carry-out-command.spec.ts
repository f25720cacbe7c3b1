import type { Command } from '#contract';
import type { Claim } from '#event-log';
import { expect, it } from 'vitest';
import type { Attempt } from './attempt.ts';
import { carryOutCommand } from './carry-out-command.flow.ts';
import type { Verdict } from './judge-attempt.ts';

const NOW = Date.parse('2026-01-01T00:00:00Z');
const command = (leftMs: number) => ({ id: 'c1', lane: 'normal', deadline: new Date(NOW + leftMs).toISOString() }) as Command;

/** A command that cannot be opened, whose claim finds this. */
const carrying = (takenOver: boolean) => {
  const seen = { claims: 0, told: [] as string[], attempts: [] as Attempt[] };
  const carryOut = carryOutCommand({
    account: () => undefined,
    prepare: async () => ({ kind: 'unreadable', message: 'no key' }),
    unreadable: ({ id }) => void seen.told.push(id),
    claim: async (): Promise<Claim> => ((seen.claims += 1), { kind: 'claimed', attempt: 1, spent: 1, takenOver }),
    attempt: () => Promise.reject(new Error('nothing may be called')),
    judge: (_tried, attempt): Verdict => (seen.attempts.push(attempt), { outcome: 'expired', state: 'expired', settlement: { kind: 'done' }, refund: 0, called: false }),
    record: async () => undefined,
    stopping: () => false,
    now: () => NOW,
  });
  return { seen, carryOut };
};

it.each([[600_000, 60_000], [5_000, 5_000]])('puts a command that cannot be opened, with %i ms left, off for %i ms, unclaimed', async (leftMs, afterMs) => {
  const { seen, carryOut } = carrying(false);
  expect(await carryOut(command(leftMs))).toEqual({ kind: 'retry', afterMs, why: 'no key' });
  expect(seen).toMatchObject({ claims: 0, told: ['c1'] });
});

it.each([[false, 'expired'], [true, 'unknown']])('ends a command that cannot be opened at its deadline (taken over: %s) as %s', async (takenOver, kind) => {
  const { seen, carryOut } = carrying(takenOver);
  expect(await carryOut(command(0))).toEqual({ kind: 'done' });
  expect(seen.attempts).toMatchObject([{ kind }]);
});
