import type { IntegrationSpec } from '#contract';

/**
 * The longest that one call may take without its attempt outliving the lease, in ms. Without `oauth`, an attempt is at most two calls.
 * With it, asking the partner once can be two calls, each after a token for which another process is waited for and the partner is asked:
 * 2/7 + 4/10 of the lease. A lookup before it has what is left.
 */
export const callWithinMs = ({ limits, oauth }: IntegrationSpec, leaseMs: number): number => Math.min(limits.timeoutMs, Math.floor(leaseMs / (oauth === undefined ? 3 : 7)));

/** How long a request for a token may take, and how long to wait for one of another process, in ms. */
export const tokenWithinMs = (leaseMs: number): number => Math.max(1, Math.floor(leaseMs / 10));

/** After a lookup that took longer than so, in ms, the call that follows could outlive the lease: it is for the next attempt. */
export const lookupWithinMs = ({ oauth }: IntegrationSpec, leaseMs: number): number => (oauth === undefined ? Infinity : Math.floor(leaseMs * 0.3));
