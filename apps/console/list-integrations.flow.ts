import type { IntegrationSpec } from '#contract';
import type { IntegrationStatus } from '#read-models';
import type { IntegrationListView, IntegrationView } from './views/integration.view.ts';
import { describeIntegration } from './words/describe-integration.ts';

type Needs = {
  configured(): Promise<IntegrationSpec[]>;
  statuses(): Promise<IntegrationStatus[]>;
};

const keyOf = (partner: string, integration: string): string => `${partner}/${integration}`;

const viewOf = (partner: string, integration: string, spec: IntegrationSpec | undefined, known: IntegrationStatus | undefined): IntegrationView => {
  const { partner: _partner, integration: _integration, ...status } = known ?? {};
  const account = { configured: spec !== undefined, paused: spec?.paused ?? false, status: known === undefined ? undefined : (status as IntegrationView['status']) };
  return {
    partner,
    integration,
    words: describeIntegration(account),
    ...account,
    receivesWebhooks: spec?.webhook !== undefined,
    tenant: spec?.tenant,
    limits: spec?.limits,
  };
};

/** Every account that is configured, or of which the log still speaks, by name. Credentials and settings stay out of it. */
export const listIntegrations = (needs: Needs) => async (): Promise<IntegrationListView> => {
  const [specs, statuses] = await Promise.all([needs.configured(), needs.statuses()]);
  const specOf = new Map(specs.map((spec) => [keyOf(spec.partner, spec.name), spec]));
  const statusOf = new Map(statuses.map((status) => [keyOf(status.partner, status.integration), status]));
  const keys = [...new Set([...specOf.keys(), ...statusOf.keys()])].toSorted();
  return {
    items: keys.map((key) => {
      const [partner = '', integration = ''] = key.split('/');
      return viewOf(partner, integration, specOf.get(key), statusOf.get(key));
    }),
  };
};
