import { verify, type KeyObject } from 'node:crypto';
import type { AsymmetricScheme } from '#contract';
import { checkFreshness } from './check-freshness.ts';
import { keysOf, segmentsOf } from './compiled-scheme.ts';
import { segmentBytes } from './signing-template.ts';
import { readSignedParts } from './signed-parts.ts';
import { refused, VERIFIED, type SignatureVerdict } from './verdict.ts';
import type { WebhookRequest } from './webhook-request.ts';

/** Verifies a signature made with a private key: any signature of the request may match under any active public key. */
export const verifyAsymmetric = (scheme: AsymmetricScheme, secrets: readonly string[], request: WebhookRequest, nowMs: number): SignatureVerdict => {
  const keys = keysOf(scheme, secrets);
  if (keys.length === 0) return refused('secret-missing', 'No usable public key is configured for this integration.');
  const parts = readSignedParts(scheme, request);
  if (!parts.ok) return parts;
  const signed = Buffer.concat(
    segmentsOf(scheme).map((segment) => {
      const bytes = segmentBytes(segment, request, parts.fields);
      return typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes;
    }),
  );
  let matched = false;
  for (const text of parts.signatures) {
    const signature = Buffer.from(text, scheme.encoding);
    for (const key of keys) matched = holds(scheme, key, signed, signature) || matched;
  }
  if (!matched) return refused('signature-refused', 'The signature matches no active public key. Check the key, and that nothing on the way changes the body.');
  return scheme.timestamp === undefined ? VERIFIED : checkFreshness(scheme.timestamp, parts.fields.timestamp, nowMs);
};

const P256_RAW_LENGTH = 64;

/** ECDSA signatures come as DER, or as the bare pair of 32-byte numbers (IEEE P1363). */
const holds = (scheme: AsymmetricScheme, key: KeyObject, signed: Buffer, signature: Buffer): boolean => {
  switch (scheme.algorithm) {
    case 'ed25519':
      return verify(null, signed, key, signature);
    case 'rsa-sha256':
      return verify('sha256', signed, key, signature);
    case 'ecdsa-p256':
      return verify('sha256', signed, { key, dsaEncoding: signature.length === P256_RAW_LENGTH ? 'ieee-p1363' : 'der' }, signature);
  }
};
