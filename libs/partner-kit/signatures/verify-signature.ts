import type { SignatureScheme } from '#contract';
import { VERIFIED, type SignatureVerdict } from './verdict.ts';
import { verifyAsymmetric } from './verify-asymmetric.ts';
import { verifyHmac } from './verify-hmac.ts';
import { verifySharedSecret } from './verify-shared-secret.ts';
import type { WebhookRequest } from './webhook-request.ts';

/**
 * Verifies that a request comes from the partner, as its scheme says. Any active secret may match; comparisons take
 * constant time; without a usable secret it fails closed. A signature that holds but is too old or too far ahead is
 * `stale-timestamp`; a timestamp that cannot be read is `malformed`. Never throws, and never decodes the body.
 */
export const verifySignature = (scheme: SignatureScheme, secrets: readonly string[], request: WebhookRequest, nowMs: number): SignatureVerdict => {
  switch (scheme.kind) {
    case 'hmac':
      return verifyHmac(scheme, secrets, request, nowMs);
    case 'asymmetric':
      return verifyAsymmetric(scheme, secrets, request, nowMs);
    case 'shared-secret':
      return verifySharedSecret(scheme, secrets, request);
    case 'none':
      return VERIFIED;
  }
};
