import { createHmac, timingSafeEqual, type KeyObject } from 'node:crypto';
import type { HmacScheme } from '#contract';
import { checkFreshness } from './check-freshness.ts';
import { keysOf, segmentsOf } from './compiled-scheme.ts';
import { segmentBytes, type SignedFields } from './signing-template.ts';
import { readSignedParts } from './signed-parts.ts';
import { refused, VERIFIED, type SignatureVerdict } from './verdict.ts';
import type { WebhookRequest } from './webhook-request.ts';

/** Verifies an HMAC: any signature of the request may match under any active secret; all are tried, each in constant time. */
export const verifyHmac = (scheme: HmacScheme, secrets: readonly string[], request: WebhookRequest, nowMs: number): SignatureVerdict => {
  const keys = keysOf(scheme, secrets);
  if (keys.length === 0) return refused('secret-missing', 'No usable signing secret is configured for this integration.');
  const parts = readSignedParts(scheme, request);
  if (!parts.ok) return parts;
  const given = parts.signatures.map((text) => Buffer.from(scheme.encoding === 'hex' ? text.toLowerCase() : text, 'latin1'));
  let matched = false;
  for (const key of keys) {
    const expected = Buffer.from(digest(scheme, key, request, parts.fields), 'latin1');
    for (const signature of given) matched = sameBytes(expected, signature) || matched;
  }
  if (!matched) return refused('signature-refused', 'The signature matches no active secret. Check the secret, and that nothing on the way changes the body.');
  return scheme.timestamp === undefined ? VERIFIED : checkFreshness(scheme.timestamp, parts.fields.timestamp, nowMs);
};

const digest = (scheme: HmacScheme, key: KeyObject, request: WebhookRequest, fields: SignedFields): string => {
  const hmac = createHmac(scheme.algorithm, key);
  for (const segment of segmentsOf(scheme)) hmac.update(segmentBytes(segment, request, fields) as string, 'latin1');
  return hmac.digest(scheme.encoding);
};

const sameBytes = (a: Buffer, b: Buffer): boolean => a.length === b.length && timingSafeEqual(a, b);
