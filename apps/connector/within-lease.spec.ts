import { describe, expect, it } from 'vitest';
import type { IntegrationSpec } from '#contract';
import { callWithinMs, lookupWithinMs, tokenWithinMs } from './within-lease.ts';

const LEASE_MS = 45_000;
const specOf = (oauth: boolean, timeoutMs = 1_000_000) => ({ limits: { timeoutMs }, ...(oauth && { oauth: {} }) }) as IntegrationSpec;

describe('the time that an attempt may take', () => {
  it('ends within the lease, whatever has to be done twice', () => {
    const [call, token] = [callWithinMs(specOf(true), LEASE_MS), tokenWithinMs(LEASE_MS)];
    // A token, the call, another token, the call: for each token, a wait for another process and a request.
    const asking = 2 * (2 * token + call);
    expect(lookupWithinMs(specOf(true), LEASE_MS) + asking).toBeLessThan(LEASE_MS);
    expect(2 * callWithinMs(specOf(false), LEASE_MS)).toBeLessThan(LEASE_MS);
  });

  it('leaves room for a lookup that fetches a token: the call after it is not put off for ever', () => {
    expect(callWithinMs(specOf(true), LEASE_MS) + tokenWithinMs(LEASE_MS)).toBeLessThan(lookupWithinMs(specOf(true), LEASE_MS));
  });

  it('is no longer than the account allows, and bounds no lookup that needs no token', () => {
    expect([callWithinMs(specOf(true, 200), LEASE_MS), callWithinMs(specOf(false, 200), LEASE_MS)]).toEqual([200, 200]);
    expect(lookupWithinMs(specOf(false), LEASE_MS)).toBe(Infinity);
  });
});
