import { createPublicKey, createSecretKey, type KeyObject } from 'node:crypto';
import type { AsymmetricScheme, HmacScheme } from '#contract';
import { compileTemplate, type Segment } from './signing-template.ts';

type KeyedScheme = HmacScheme | AsymmetricScheme;
type Compiled = { segments: readonly Segment[]; keys: WeakMap<readonly string[], readonly KeyObject[]> };

const compiled = new WeakMap<KeyedScheme, Compiled>();

const compiledOf = (scheme: KeyedScheme): Compiled => {
  let known = compiled.get(scheme);
  if (known === undefined) {
    known = { segments: compileTemplate(scheme.signed), keys: new WeakMap() };
    compiled.set(scheme, known);
  }
  return known;
};

/** A scheme's signing template in segments; worked out once per scheme object. */
export const segmentsOf = (scheme: KeyedScheme): readonly Segment[] => compiledOf(scheme).segments;

/**
 * The imported keys of a list of secrets; worked out once per scheme object and list object, so neither may be changed in place.
 * Secrets that are empty or cannot be read are left out: with none left, the caller fails closed.
 */
export const keysOf = (scheme: KeyedScheme, secrets: readonly string[]): readonly KeyObject[] => {
  const { keys } = compiledOf(scheme);
  let known = keys.get(secrets);
  if (known === undefined) {
    known = secrets.map((secret) => importKey(scheme, secret)).filter((key) => key !== undefined);
    keys.set(secrets, known);
  }
  return known;
};

const importKey = (scheme: KeyedScheme, secret: string): KeyObject | undefined => {
  if (secret.trim() === '') return undefined;
  return scheme.kind === 'hmac' ? importSecret(scheme, secret) : importPublicKey(scheme, secret);
};

const importSecret = (scheme: HmacScheme, secret: string): KeyObject | undefined => {
  const { encoding = 'utf8', prefix = '' } = scheme.secret ?? {};
  const bytes = Buffer.from(secret.startsWith(prefix) ? secret.slice(prefix.length) : secret, encoding);
  return bytes.length === 0 ? undefined : createSecretKey(bytes);
};

const importPublicKey = (scheme: AsymmetricScheme, text: string): KeyObject | undefined => {
  try {
    const key = scheme.key === 'pem' ? createPublicKey(text) : importRawEd25519(text, scheme.key === 'raw-hex' ? 'hex' : 'base64');
    return fits(scheme, key) ? key : undefined;
  } catch {
    return undefined;
  }
};

const importRawEd25519 = (text: string, encoding: 'hex' | 'base64'): KeyObject =>
  createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(text, encoding).toString('base64url') } });

const fits = (scheme: AsymmetricScheme, key: KeyObject): boolean => {
  switch (scheme.algorithm) {
    case 'ed25519':
      return key.asymmetricKeyType === 'ed25519';
    case 'rsa-sha256':
      return key.asymmetricKeyType === 'rsa';
    case 'ecdsa-p256':
      return key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1';
  }
};
