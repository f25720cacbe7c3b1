import type { IntegrationSpec } from '#contract';
import { createAccountGate, createPacer, systemClock, type AccountGate, type GateOptions, type Pacer } from '#partner-kit';
import { meterTurns } from './meter-turns.ts';

/** One account with the partner, as this process serves it. */
export type Account = {
  spec: IntegrationSpec;
  pacer: Pacer;
  gate: AccountGate;
  /** Why it is not served at all: it is paused, or variables that it needs are not set. */
  shut?: string;
};

type Resolve = (spec: IntegrationSpec) => { spec: IntegrationSpec; missing: string[] };

const shutBecause = (spec: IntegrationSpec, missing: string[]): string | undefined => {
  if (spec.paused) return 'it is paused in the manifest';
  return missing.length === 0 ? undefined : `these variables are not set: ${missing.join(', ')}`;
};

const openAccount = (raw: IntegrationSpec, resolve: Resolve, gate: GateOptions): Account => {
  const { spec, missing } = resolve(raw);
  return {
    spec,
    pacer: meterTurns(createPacer(spec.limits, systemClock), spec),
    gate: createAccountGate(gate, systemClock),
    shut: shutBecause(spec, missing),
  };
};

export type Accounts = {
  get(integration: string): Account | undefined;
  all(): Account[];
  /** Takes the partner's accounts from a manifest. One that stays as it was keeps its breaker and its queue. */
  update(specs: IntegrationSpec[]): void;
};

export const createAccounts = (resolve: Resolve, gate: GateOptions): Accounts => {
  let accounts = new Map<string, { raw: string; account: Account }>();
  return {
    get: (integration) => accounts.get(integration)?.account,
    all: () => [...accounts.values()].map((entry) => entry.account),
    update: (specs) => {
      const next: typeof accounts = new Map();
      for (const spec of specs) {
        const raw = JSON.stringify(spec);
        const known = accounts.get(spec.name);
        next.set(spec.name, known?.raw === raw ? known : { raw, account: openAccount(spec, resolve, gate) });
      }
      accounts = next;
    },
  };
};
