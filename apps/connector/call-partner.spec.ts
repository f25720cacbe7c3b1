import { describe, expect, it } from 'vitest';
import type { OpenCommand } from '#contract';
import { createAccountGate, GateClosed, PartnerFailure, type Action, type Call } from '#partner-kit';
import type { Account } from './accounts.ts';
import { callPartner } from './call-partner.ts';

const clock = { now: () => 0, after: () => undefined };
const anAccount = (): Account => ({ gate: createAccountGate({ failures: 2, firstOpenMs: 1_000, maxOpenMs: 10_000 }, clock) }) as unknown as Account;
const command = (more: Partial<OpenCommand> = {}): OpenCommand => ({ partner: 'p', integration: 'i', action: 'act', deadline: '2030-01-01T00:00:00Z', input: {}, ...more }) as OpenCommand;
const first = { kind: 'claimed' as const, attempt: 1, spent: 1, takenOver: false };
const takenOver = { kind: 'claimed' as const, attempt: 2, spent: 2, takenOver: true };

const acting = (action: Partial<Action>) => {
  const calls: string[] = [];
  const whole: Action = {
    about: '',
    resolution: 'key',
    input: {},
    perform: async () => (calls.push('perform'), { status: 200 }),
    ...action,
  };
  const call = callPartner({ action: (name) => (name === 'act' ? whole : undefined), checkInput: () => undefined, callOf: () => ({}) as Call, authorize: (_account, ask) => ask({}), lookupWithinMs: () => Infinity, now: () => 0 });
  return { calls, call };
};
const needs = { action: () => ({ perform: async () => ({ status: 200 }) }) as unknown as Action, checkInput: () => undefined, callOf: () => ({}) as Call, lookupWithinMs: () => Infinity, now: () => 0 };
const lost = new PartnerFailure('transient', 'partner-timeout', 'no answer', { effectUnknown: true });

describe('calling a partner', () => {
  it('makes one call', async () => {
    const { calls, call } = acting({});
    expect(await call(command(), anAccount(), first)).toMatchObject({ kind: 'performed' });
    expect(calls).toEqual(['perform']);
  });

  it('makes none, and says why, while it cannot be had what to call with', async () => {
    const call = callPartner({ ...needs, authorize: () => Promise.reject(new GateClosed(7, 'the vault is away')) });
    expect(await call(command(), anAccount(), first)).toEqual({ kind: 'not-called', until: 7, message: 'the vault is away' });
  });

  it.each([[100, 'performed', 1], [101, 'not-called', 0]])('leaves the call to the next attempt when the lookup took too long: %i ms of 100', async (tookMs, kind, calls) => {
    let [now, performed] = [0, 0];
    const action: Partial<Action> = { resolution: 'lookup', lookup: async () => void (now += tookMs), perform: async () => ((performed += 1), { status: 200 }) };
    const call = callPartner({ ...needs, action: () => action as Action, authorize: (_account, ask) => ask({}), lookupWithinMs: () => 100, now: () => now });
    expect(await call(command(), anAccount(), takenOver)).toMatchObject({ kind });
    expect(performed).toBe(calls);
  });

  it('makes no call after the deadline', async () => {
    const { calls, call } = acting({});
    expect(await call(command({ deadline: '1970-01-01T00:00:00Z' }), anAccount(), first)).toEqual({ kind: 'expired' });
    expect(calls).toEqual([]);
  });

  it.each([
    ['mapping-failed', command({ defect: { code: 'mapping-failed', message: 'no' } }), true],
    ['unknown-account', command(), false],
    ['unknown-action', command({ action: 'other' }), true],
  ])('refuses with %s and makes no call', async (code, refused, withAccount) => {
    const { calls, call } = acting({});
    expect(await call(refused, withAccount ? anAccount() : undefined, first)).toMatchObject({ kind: 'refused', code });
    expect(calls).toEqual([]);
  });

  it('calls again with the same key where the partner deduplicates', async () => {
    const { calls, call } = acting({ resolution: 'key' });
    expect(await call(command(), anAccount(), takenOver)).toMatchObject({ kind: 'performed' });
    expect(calls).toEqual(['perform']);
  });

  it('looks an unanswered effect up, and calls again only when there is none', async () => {
    const found = acting({ resolution: 'lookup', lookup: async () => ({ status: 200, reference: 'there' }) });
    expect(await found.call(command(), anAccount(), takenOver)).toMatchObject({ kind: 'performed', found: true, performed: { reference: 'there' } });
    expect(found.calls).toEqual([]);
    const absent = acting({ resolution: 'lookup', lookup: async () => undefined });
    expect(await absent.call(command(), anAccount(), takenOver)).toMatchObject({ kind: 'performed' });
    expect(absent.calls).toEqual(['perform']);
  });

  it('leaves to a person what cannot be found out', async () => {
    const { calls, call } = acting({ resolution: 'none' });
    expect((await call(command(), anAccount(), takenOver)).kind).toBe('unknown');
    expect(calls).toEqual([]);
    const silent = acting({ resolution: 'none', perform: () => Promise.reject(lost) });
    expect((await silent.call(command(), anAccount(), first)).kind).toBe('unknown');
  });

  it('retries a lost answer where that is safe', async () => {
    const { call } = acting({ resolution: 'natural', perform: () => Promise.reject(lost) });
    expect((await call(command(), anAccount(), first)).kind).toBe('failed');
  });

  it('makes no call once the breaker is open', async () => {
    let calls = 0;
    const { call } = acting({ perform: () => (calls++, Promise.reject(lost)) });
    const account = anAccount();
    for (let i = 0; i < 2; i++) await call(command(), account, first);
    expect(await call(command(), account, first)).toMatchObject({ kind: 'not-called' });
    expect(calls).toBe(2);
    expect(account.gate.closed()).toMatchObject({ why: 'breaker-open', until: 1_000 });
  });
});
