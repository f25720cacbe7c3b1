import { afterEach, expect, it } from 'vitest';
import { PartnerFailure } from '../partner-failure.ts';
import { createAccountGate } from './account-gate.ts';

const DAY_MS = 86_400_000;

const machineNow = Date.now;
afterEach(() => void (Date.now = machineNow));

const world = () => {
  let now = 1_000_000;
  const gate = createAccountGate({ failures: 1, firstOpenMs: 1_000, maxOpenMs: 8_000 }, { now: () => now, after: () => undefined });
  const fail = () => gate.call(() => Promise.reject(new PartnerFailure('transient', 'partner-error', 'no'))).catch((error: Error) => error.name);
  return { gate, fail, pass: (ms: number) => void (now += ms) };
};

it('opens after failures, lets a probe through when the time is over, and closes when that succeeds', async () => {
  const { gate, fail, pass } = world();
  expect(await fail()).toBe('PartnerFailure');
  expect(gate.closed()).toMatchObject({ why: 'breaker-open', until: 1_001_000 });
  expect(await fail()).toBe('GateClosed');
  pass(1_000);
  expect(gate.closed()).toBeUndefined();
  expect(await fail()).toBe('PartnerFailure');
  expect(gate.closed()).toMatchObject({ until: 1_003_000 });
  pass(2_000);
  expect(await gate.call(async () => 'well')).toBe('well');
  expect(gate.closed()).toBeUndefined();
});

it.each([DAY_MS, -DAY_MS])('does not care when the machine’s time of day jumps by %i ms', async (jump) => {
  const { gate, fail, pass } = world();
  await fail();
  Date.now = () => machineNow() + jump;
  expect(await fail()).toBe('GateClosed');
  pass(1_000);
  expect(await gate.call(async () => 'well')).toBe('well');
});

it('does not blame the partner when it was ours that no call could be made', async () => {
  const { gate } = world();
  const ours = new PartnerFailure('transient', 'partner-unreachable', 'no descriptor', { notAsked: 'ours' });
  await expect(gate.call(() => Promise.reject(ours))).rejects.toBe(ours);
  expect(gate.closed()).toBeUndefined();
});

it('ends a wait that its own clock would make longer than it was', async () => {
  const { gate, fail, pass } = world();
  gate.hold(1_060_000, 'the partner asked us to wait');
  await fail();
  expect(gate.closed()).toMatchObject({ why: 'held', until: 1_060_000 });
  pass(-DAY_MS);
  expect(gate.closed()).toBeUndefined();
  gate.hold(1_060_000 - DAY_MS, 'again');
  expect(gate.closed()).toMatchObject({ until: 1_060_000 - DAY_MS });
});
