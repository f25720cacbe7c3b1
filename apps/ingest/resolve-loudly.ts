import type { IntegrationSpec } from '#contract';
import { resolveIntegration, type Environment, type StoredSecrets } from '#manifest';

type Problem = { integration: string; why: string };

/** Fills in an integration's references, and tells of each problem with a secret once while it lasts. */
export const resolveLoudly = (env: Environment, stored: StoredSecrets, tell: (problem: Problem) => void): ((spec: IntegrationSpec) => IntegrationSpec) => {
  const told = new Map<string, string>();
  return (spec) => {
    const integration = `${spec.partner}.${spec.name}`;
    const { spec: resolved, problems } = resolveIntegration({ ...spec, credentials: {}, settings: {}, oauth: undefined }, env, stored);
    const why = problems.join('; ');
    if (why !== '' && told.get(integration) !== why) tell({ integration, why });
    told.set(integration, why);
    return resolved;
  };
};
