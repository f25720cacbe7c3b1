import type { IntegrationSpec } from '#contract';
import { substitute, type Environment } from './substitute.ts';

/** An integration with its values filled in: secrets in the clear, never logged. */
export type ResolvedIntegration = {
  spec: IntegrationSpec;
  /** Variables that its credentials and settings need and that are not set. Those of webhook secrets are not among them. */
  missing: string[];
  /** What is wrong with files that variables name, each a sentence; those of webhook secrets are among them. */
  problems: string[];
};

type Lacks = { missing: Set<string>; problems: Set<string> };

const fill = (text: string, env: Environment, lacks: Lacks): string => {
  const result = substitute(text, env);
  for (const variable of result.missing) lacks.missing.add(variable);
  for (const problem of result.problems) lacks.problems.add(problem);
  return result.text;
};

const fillAll = (values: Record<string, string>, env: Environment, lacks: Lacks): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, fill(value, env, lacks)]));

/** A secret that has no value is left out: whoever needs one must refuse rather than verify with an empty key. */
const activeSecrets = (secrets: string[], env: Environment, problems: Set<string>): string[] =>
  secrets.flatMap((secret) => {
    const own: Lacks = { missing: new Set(), problems: new Set() };
    const text = fill(secret, env, own);
    for (const problem of own.problems) problems.add(problem);
    return own.missing.size + own.problems.size > 0 || text === '' ? [] : [text];
  });

/** Fills the `${ENV}` references of credentials, settings and webhook secrets from an environment and the files it names. Never throws. */
export const resolveIntegration = (spec: IntegrationSpec, env: Environment): ResolvedIntegration => {
  const lacks: Lacks = { missing: new Set(), problems: new Set() };
  const resolved: IntegrationSpec = {
    ...spec,
    credentials: fillAll(spec.credentials, env, lacks),
    settings: fillAll(spec.settings, env, lacks),
  };
  if (spec.webhook !== undefined) resolved.webhook = { ...spec.webhook, secrets: activeSecrets(spec.webhook.secrets, env, lacks.problems) };
  return { spec: resolved, missing: [...lacks.missing], problems: [...lacks.problems] };
};
