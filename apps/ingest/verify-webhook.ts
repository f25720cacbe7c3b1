import { verifySignature } from '#partner-kit';
import { refuse, type ReceivedWebhook, type Refusal, type VerifiedWebhook } from './webhook-stages.ts';

/** Verifies a request's signature. The only way to a `VerifiedWebhook`. */
export const verifyWebhook = (received: ReceivedWebhook, nowMs: number): VerifiedWebhook | Refusal => {
  const { profile, secrets } = received.integration;
  const verdict = verifySignature(profile.signature, secrets, received.request, nowMs);
  if (verdict.ok) return received as VerifiedWebhook;
  return refuse(verdict.outcome, verdict.why, verdict.outcome === 'secret-missing' ? 300 : undefined);
};
