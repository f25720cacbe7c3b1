import { addressList } from '#boot';
import type { IdentifierRule, IntegrationSpec, Manifest, SignatureScheme, WebhookProfile } from '#contract';
import type { Partner } from '#partner-kit';
import type { Integration } from './webhook-stages.ts';

type Needs = {
  partnerNamed(name: string): Partner | undefined;
  /** The integration with its `${ENV}` references filled in; what is missing is empty. */
  resolve(spec: IntegrationSpec): IntegrationSpec;
};

/** Every integration of a manifest that takes webhooks, by `<partner>/<name>`. The integration's own settings go before its partner's. */
export const openIntegrations = (needs: Needs, manifest: Manifest): ReadonlyMap<string, Integration> => {
  const open = new Map<string, Integration>();
  for (const spec of manifest.integrations) {
    const resolved = needs.resolve(spec);
    const known = needs.partnerNamed(spec.partner);
    const profile = profileOf(resolved, known);
    if (profile === undefined) continue;
    const personal = personalOf(resolved, known);
    const { partner, name, tenant, paused, webhook } = resolved;
    const allowFrom = webhook?.allowFrom && addressList(webhook.allowFrom);
    open.set(`${partner}/${name}`, { partner, name, tenant, paused, secrets: webhook?.secrets ?? [], profile, personal, allowFrom, readsBody: personal.length > 0 || readsBody(profile) });
  }
  return open;
};

/** The partner's own rules, as the integration changes them. */
const personalOf = ({ personal }: IntegrationSpec, partner: Partner | undefined): readonly IdentifierRule[] => {
  const theirs = partner?.personal ?? [];
  if (personal === undefined) return theirs;
  if (personal === false) return [];
  return 'only' in personal ? personal.only : [...theirs, ...personal.add];
};

const profileOf = (spec: IntegrationSpec, partner: Partner | undefined): WebhookProfile | undefined => {
  const own = spec.webhook;
  const theirs = partner?.webhooks;
  const signature = own?.signature ?? theirs?.signature;
  if (signature === undefined) return undefined;
  return {
    signature,
    handshake: own?.handshake ?? theirs?.handshake,
    identity: own?.identity ?? theirs?.identity ?? { by: 'stable', omit: [] },
    name: own?.name ?? theirs?.name ?? { parts: [{ word: 'received' }] },
    contentTypes: (own?.contentTypes ?? theirs?.contentTypes ?? ['application/json']).map((type) => type.toLowerCase()),
    keepHeaders: withoutSecrets(own?.keepHeaders ?? theirs?.keepHeaders ?? [], signature),
  };
};

const CREDENTIALS = ['authorization', 'proxy-authorization', 'cookie'];

/** By these the hub tells itself something; what a sender writes under them is not kept. */
const OURS = /^(?:trunkline|ce|nats)-/;

/** Signatures and credentials are never kept, whatever a manifest says. */
const withoutSecrets = (names: readonly string[], scheme: SignatureScheme): string[] => {
  const secret = new Set(CREDENTIALS);
  if (scheme.kind === 'hmac' || scheme.kind === 'asymmetric') secret.add(scheme.signature.header);
  if (scheme.kind === 'shared-secret' && scheme.in === 'header') secret.add(scheme.header);
  return names.map((name) => name.toLowerCase()).filter((name) => !secret.has(name) && !OURS.test(name));
};

const readsBody = ({ handshake, identity, name }: WebhookProfile): boolean =>
  handshake !== undefined || ['path', 'fields', 'stable'].includes(identity.by) || name.parts.some((part) => 'path' in part);
