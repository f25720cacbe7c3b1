import { hash, timingSafeEqual } from 'node:crypto';
import type { SharedSecretScheme } from '#contract';
import { refused, VERIFIED, type SignatureVerdict } from './verdict.ts';
import { headerOf, type WebhookRequest } from './webhook-request.ts';

/** Compares a shared secret with every active one, in constant time. With `basic` the secret is written `user:password`. */
export const verifySharedSecret = (scheme: SharedSecretScheme, secrets: readonly string[], request: WebhookRequest): SignatureVerdict => {
  const active = secrets.filter((secret) => secret.trim() !== '');
  if (active.length === 0) return refused('secret-missing', 'No shared secret is configured for this integration.');
  const given = givenSecret(scheme, request);
  if (given === undefined) return refused('signature-refused', `The request brings no secret in its ${placeOf(scheme)}.`);
  const digest = hash('sha256', given, 'buffer');
  let matched = false;
  for (const secret of active) matched = timingSafeEqual(hash('sha256', secret, 'buffer'), digest) || matched;
  return matched ? VERIFIED : refused('signature-refused', 'The secret that came with the request matches no active one.');
};

/** The secret's bytes; header text came as Latin-1 and may hold UTF-8. */
const givenSecret = (scheme: SharedSecretScheme, request: WebhookRequest): Buffer | string | undefined => {
  switch (scheme.in) {
    case 'header':
      return asBytes(headerOf(request, scheme.header));
    case 'bearer':
      return asBytes(credentialsOf('bearer', request));
    case 'basic': {
      const coded = credentialsOf('basic', request);
      return coded === undefined ? undefined : Buffer.from(coded, 'base64');
    }
    case 'query': {
      const value = Object.hasOwn(request.query, scheme.parameter) ? request.query[scheme.parameter] : undefined;
      return typeof value === 'string' ? value : undefined;
    }
  }
};

const asBytes = (text: string | undefined): Buffer | undefined => (text === undefined ? undefined : Buffer.from(text, 'latin1'));

const credentialsOf = (scheme: 'bearer' | 'basic', request: WebhookRequest): string | undefined => {
  const header = headerOf(request, 'authorization');
  if (header === undefined || header.slice(0, scheme.length + 1).toLowerCase() !== `${scheme} `) return undefined;
  return header.slice(scheme.length + 1).trim();
};

const placeOf = (scheme: SharedSecretScheme): string => {
  if (scheme.in === 'header') return `header ${scheme.header}`;
  return scheme.in === 'query' ? `query parameter ${scheme.parameter}` : `authorization header (${scheme.in})`;
};
