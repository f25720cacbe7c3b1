import { isDeepStrictEqual } from 'node:util';
import type { IntegrationSpec } from '#contract';
import { createAccountGate, createPacer, steadyClock, type AccountGate, type GateOptions, type Pacer } from '#partner-kit';
import { meterTurns } from './meter-turns.ts';

/** One account with the partner, as this process serves it. */
export type Account = {
  spec: IntegrationSpec;
  pacer: Pacer;
  gate: AccountGate;
  /** Why it is not served at all: it is paused, or variables that it needs are not set. */
  shut?: string;
};

type Resolved = { spec: IntegrationSpec; missing: string[]; problems: string[] };
type Resolve = (spec: IntegrationSpec) => Resolved;

const shutBecause = ({ spec, missing, problems }: Resolved): string | undefined => {
  if (spec.paused) return 'it is paused in the manifest';
  const unset = missing.length === 0 ? [] : [`these variables are not set: ${missing.join(', ')}`];
  return [...unset, ...problems].join('; ') || undefined;
};

const openAccount = (resolved: Resolved, gate: GateOptions, now: () => number): Account => ({
  spec: resolved.spec,
  pacer: meterTurns(createPacer(resolved.spec.limits, steadyClock), resolved.spec),
  gate: createAccountGate(gate, { ...steadyClock, now }),
  shut: shutBecause(resolved),
});

export type Accounts = {
  get(integration: string): Account | undefined;
  all(): Account[];
  /** Takes the partner's accounts from a manifest. One that stays as it was, its secrets too, keeps its breaker and its queue. */
  update(specs: IntegrationSpec[]): void;
};

/** `now`, in ms since the epoch, is what `until` of a gate is told by. */
export const createAccounts = (resolve: Resolve, gate: GateOptions, now: () => number): Accounts => {
  let accounts = new Map<string, { resolved: Resolved; account: Account }>();
  return {
    get: (integration) => accounts.get(integration)?.account,
    all: () => [...accounts.values()].map((entry) => entry.account),
    update: (specs) => {
      const next: typeof accounts = new Map();
      for (const spec of specs) {
        const resolved = resolve(spec);
        const known = accounts.get(spec.name);
        next.set(spec.name, isDeepStrictEqual(known?.resolved, resolved) ? known! : { resolved, account: openAccount(resolved, gate, now) });
      }
      accounts = next;
    },
  };
};
