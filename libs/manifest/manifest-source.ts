import type { BudgetSpec, ConsentSpec, FilterSpec, IntegrationSpec, OAuthSpec, RetentionSpec, RouteSpec, TargetSpec, WebhookSpec } from '#contract';

type Scalars = Record<string, string | number | boolean>;

/** An integration as it is written, once it fits the schema. */
export type IntegrationSource = Pick<IntegrationSpec, 'partner' | 'name'> &
  Partial<Pick<IntegrationSpec, 'tenant' | 'paused' | 'personal'>> & {
    webhook?: Partial<WebhookSpec>;
    credentials?: Scalars;
    oauth?: Omit<OAuthSpec, 'clientAuth'> & Partial<Pick<OAuthSpec, 'clientAuth'>>;
    settings?: Scalars;
    limits?: Partial<IntegrationSpec['limits']>;
    budget?: Pick<BudgetSpec, 'calls'> & Partial<BudgetSpec>;
  };

export type TargetSource = Pick<TargetSpec, 'name' | 'do' | 'with' | 'recipients'> & { lane?: TargetSpec['lane']; deadline?: string };

export type RouteSource = Pick<RouteSpec, 'name' | 'on'> & { when?: FilterSpec; to: TargetSource[] };

/** `trunkline.yaml` as it is written, once it fits the schema. */
export type ManifestSource = { version: 1; integrations?: IntegrationSource[]; routes?: RouteSource[]; consent?: ConsentSpec[]; retention?: Partial<Record<keyof RetentionSpec, string>> };
