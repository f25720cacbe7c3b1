import type { IntegrationSpec, Manifest, RetentionSpec, RouteSpec, TargetSpec } from '#contract';
import type { IntegrationSource, ManifestSource, RouteSource, TargetSource } from './manifest-source.ts';
import { durationMs } from './read-duration.ts';

const asTexts = (values: Record<string, string | number | boolean> = {}): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));

const fillIntegration = (source: IntegrationSource): IntegrationSpec => ({
  partner: source.partner,
  name: source.name,
  tenant: source.tenant ?? 'default',
  paused: source.paused ?? false,
  ...(source.webhook === undefined ? {} : { webhook: { secrets: [], ...source.webhook } }),
  ...(source.personal === undefined ? {} : { personal: source.personal }),
  credentials: asTexts(source.credentials),
  ...(source.oauth === undefined ? {} : { oauth: { clientAuth: 'basic', ...source.oauth } }),
  settings: asTexts(source.settings),
  limits: { concurrency: 8, perSecond: 0, timeoutMs: 10_000, ...source.limits },
  ...(source.budget === undefined ? {} : { budget: { per: 'day', ...source.budget } }),
});

const fillTarget = (source: TargetSource): TargetSpec => ({
  name: source.name,
  do: source.do,
  ...(source.with === undefined ? {} : { with: source.with }),
  ...(source.recipients === undefined ? {} : { recipients: source.recipients }),
  lane: source.lane ?? 'normal',
  deadlineMs: durationMs(source.deadline ?? '24h'),
});

const fillRoute = (source: RouteSource): RouteSpec => ({
  name: source.name,
  on: source.on,
  ...(source.when === undefined ? {} : { when: source.when }),
  to: source.to.map(fillTarget),
});

const fillRetention = (source: NonNullable<ManifestSource['retention']>): RetentionSpec =>
  Object.fromEntries(Object.entries(source).map(([what, keep]) => [what, durationMs(keep)]));

/** The manifest that a file stands for: every member there, in one order, so that equal manifests are equal as JSON. */
export const fillDefaults = (source: ManifestSource): Manifest => ({
  version: source.version,
  integrations: (source.integrations ?? []).map(fillIntegration),
  routes: (source.routes ?? []).map(fillRoute),
  ...(source.consent === undefined ? {} : { consent: source.consent }),
  ...(source.retention === undefined ? {} : { retention: fillRetention(source.retention) }),
});
