import type { IntegrationSpec } from '#contract';
import { substitute, type Environment } from './substitute.ts';

/** An integration with its values filled in: secrets in the clear, never logged. */
export type ResolvedIntegration = {
  spec: IntegrationSpec;
  /** Variables that its credentials and settings need and that are not set. Those of webhook secrets are not among them. */
  missing: string[];
};

const fillAll = (values: Record<string, string>, env: Environment, missing: Set<string>): Record<string, string> => {
  const filled = Object.entries(values).map(([name, value]) => {
    const result = substitute(value, env);
    for (const variable of result.missing) missing.add(variable);
    return [name, result.text] as const;
  });
  return Object.fromEntries(filled);
};

/** A secret whose variable is not set is left out: whoever needs one must refuse rather than verify with an empty key. */
const activeSecrets = (secrets: string[], env: Environment): string[] =>
  secrets.map((secret) => substitute(secret, env)).filter((result) => result.missing.length === 0 && result.text !== '').map((result) => result.text);

/** Fills the `${ENV}` references of credentials, settings and webhook secrets from an environment. Never throws. */
export const resolveIntegration = (spec: IntegrationSpec, env: Environment): ResolvedIntegration => {
  const missing = new Set<string>();
  const resolved: IntegrationSpec = {
    ...spec,
    credentials: fillAll(spec.credentials, env, missing),
    settings: fillAll(spec.settings, env, missing),
  };
  if (spec.webhook !== undefined) resolved.webhook = { ...spec.webhook, secrets: activeSecrets(spec.webhook.secrets, env) };
  return { spec: resolved, missing: [...missing] };
};
