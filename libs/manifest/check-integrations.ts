import { isAddressRange } from '#boot';
import type { IntegrationSpec, Manifest } from '#contract';
import { didYouMean } from './did-you-mean.ts';
import type { KnownPartners } from './known-partners.ts';
import type { ManifestProblem, Path } from './problem-list.ts';
import { malformedReferences } from './substitute.ts';

const unknownNames = (given: object, known: object, path: Path): ManifestProblem[] =>
  Object.keys(given).filter((name) => !Object.hasOwn(known, name)).map((name) => ({ path: [...path, name], message: `is not known here; ${didYouMean(name, Object.keys(known))}` }));

const checkTokenPlace = ({ partner, oauth, credentials }: IntegrationSpec, path: Path, credential: string | undefined): ManifestProblem[] => {
  if (oauth === undefined) return [];
  if (credential === undefined) return [{ path: [...path, 'oauth'], message: `${partner} takes no access tokens; give it its credentials as they are` }];
  return Object.hasOwn(credentials, credential) ? [{ path: [...path, 'credentials', credential], message: 'is what the access token of `oauth` becomes; leave it out' }] : [];
};

const checkGrant = ({ oauth }: IntegrationSpec, path: Path): ManifestProblem[] => {
  if (oauth === undefined) return [];
  const [hasRefresh, hasSecret] = [oauth.refreshToken !== undefined, oauth.clientSecret !== undefined];
  if (oauth.grant === 'refresh_token' && !hasRefresh) return [{ path: [...path, 'oauth'], message: "needs 'refreshToken', which the partner gave when somebody consented" }];
  if (oauth.grant === 'client_credentials' && hasRefresh) return [{ path: [...path, 'oauth', 'refreshToken'], message: 'goes with the grant refresh_token; leave it out' }];
  return oauth.grant === 'client_credentials' && !hasSecret ? [{ path: [...path, 'oauth'], message: "needs 'clientSecret': with client_credentials the client shows that it is itself" }] : [];
};

const checkPartner = (spec: IntegrationSpec, path: Path, partners: KnownPartners): ManifestProblem[] => {
  const partner = Object.hasOwn(partners, spec.partner) ? partners[spec.partner] : undefined;
  if (partner === undefined) return [{ path: [...path, 'partner'], message: `there is no partner '${spec.partner}'; ${didYouMean(spec.partner, Object.keys(partners))}` }];
  const sendsNothing = spec.webhook !== undefined && spec.webhook.signature === undefined && partner.webhooks === undefined;
  return [
    ...unknownNames(spec.credentials, partner.needs.credentials, [...path, 'credentials']),
    ...unknownNames(spec.settings, partner.needs.settings, [...path, 'settings']),
    ...checkTokenPlace(spec, path, partner.oauth?.credential),
    ...(sendsNothing ? [{ path: [...path, 'webhook'], message: `${spec.partner} sends no webhooks; use a 'generic' integration, or declare the signature here` }] : []),
  ];
};

const checkSecrets = ({ webhook }: IntegrationSpec, path: Path): ManifestProblem[] =>
  webhook !== undefined && webhook.secrets.length === 0 && webhook.signature?.kind !== 'none'
    ? [{ path: [...path, 'webhook', 'secrets'], message: "needs at least one, unless the signature is { kind: none }" }]
    : [];

const checkReferences = (spec: IntegrationSpec, path: Path): ManifestProblem[] => {
  const texts: [Path, string][] = [
    ...Object.entries(spec.credentials).map(([name, text]): [Path, string] => [['credentials', name], text]),
    ...Object.entries(spec.settings).map(([name, text]): [Path, string] => [['settings', name], text]),
    ...Object.entries(spec.oauth ?? {}).map(([name, text]): [Path, string] => [['oauth', name], text]),
    ...(spec.webhook?.secrets ?? []).map((text, at): [Path, string] => [['webhook', 'secrets', at], text]),
  ];
  return texts.flatMap(([place, text]) =>
    malformedReferences(text).map(() => ({ path: [...path, ...place], message: 'holds a reference that cannot be read; write ${NAME}, ${vault:name} or either with a default as in ${NAME:-default}, and $${ for a plain ${' })),
  );
};

const checkAddresses = ({ webhook }: IntegrationSpec, path: Path): ManifestProblem[] =>
  (webhook?.allowFrom ?? []).flatMap((range, at) =>
    isAddressRange(range) ? [] : [{ path: [...path, 'webhook', 'allowFrom', at], message: `'${range}' is neither an address nor a range; write 192.0.2.7, 10.0.0.0/8 or 2001:db8::/32` }]);

/** Integrations whose partner, credentials, settings, secrets, addresses or references cannot be right. */
export const checkIntegrations = (manifest: Manifest, partners?: KnownPartners): ManifestProblem[] =>
  manifest.integrations.flatMap((spec, at) => {
    const path = ['integrations', at];
    return [...(partners === undefined ? [] : checkPartner(spec, path, partners)), ...checkSecrets(spec, path), ...checkGrant(spec, path), ...checkAddresses(spec, path), ...checkReferences(spec, path)];
  });
