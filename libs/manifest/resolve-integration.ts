import type { IntegrationSpec } from '#contract';
import { substitute, type Environment, type StoredSecrets } from './substitute.ts';

/** An integration with its values filled in: secrets in the clear, never logged. */
export type ResolvedIntegration = {
  spec: IntegrationSpec;
  /** Variables that its credentials, settings and `oauth` need and that are not set. Those of webhook secrets are not among them. */
  missing: string[];
  /** What is wrong with stored secrets, and with files that variables name, each in words; those of webhook secrets are among them. */
  problems: string[];
};

type Lacks = { missing: Set<string>; problems: Set<string> };

/** Where values come from. */
type Sources = { env: Environment; stored?: StoredSecrets };

const fill = (text: string, { env, stored }: Sources, lacks: Lacks): string => {
  const result = substitute(text, env, stored);
  for (const variable of result.missing) lacks.missing.add(variable);
  for (const problem of result.problems) lacks.problems.add(problem);
  return result.text;
};

const fillAll = <T extends Record<string, string>>(values: T, sources: Sources, lacks: Lacks): T =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, fill(value, sources, lacks)])) as T;

/** A secret that has no value is left out: whoever needs one must refuse rather than verify with an empty key. */
const activeSecrets = (secrets: string[], sources: Sources, problems: Set<string>): string[] =>
  secrets.flatMap((secret) => {
    const own: Lacks = { missing: new Set(), problems: new Set() };
    const text = fill(secret, sources, own);
    for (const problem of own.problems) problems.add(problem);
    return own.missing.size + own.problems.size > 0 || text === '' ? [] : [text];
  });

/**
 * Fills the references of credentials, settings, `oauth` and webhook secrets from an environment and the files it names, and from the
 * vault. Never throws.
 */
export const resolveIntegration = (spec: IntegrationSpec, env: Environment, stored?: StoredSecrets): ResolvedIntegration => {
  const lacks: Lacks = { missing: new Set(), problems: new Set() };
  const sources = { env, stored };
  const resolved: IntegrationSpec = {
    ...spec,
    credentials: fillAll(spec.credentials, sources, lacks),
    settings: fillAll(spec.settings, sources, lacks),
  };
  if (spec.oauth !== undefined) resolved.oauth = fillAll(spec.oauth, sources, lacks);
  if (spec.webhook !== undefined) resolved.webhook = { ...spec.webhook, secrets: activeSecrets(spec.webhook.secrets, sources, lacks.problems) };
  return { spec: resolved, missing: [...lacks.missing], problems: [...lacks.problems] };
};
