import type { RateLimit } from '#boot';
import { checkAddress } from './check-address.ts';
import { checkLength } from './check-length.ts';
import { checkMediaType } from './check-media-type.ts';
import { checkRate } from './check-rate.ts';
import { findIntegration } from './find-integration.ts';
import { logUnavailable } from './refusals.ts';
import { isRefusal, refuse, type Integration, type Refusal, type WebhookHead } from './webhook-stages.ts';

type Needs = {
  logReady(): boolean;
  /** Undefined until the manifest in force was read for the first time. */
  integrations(): ReadonlyMap<string, Integration> | undefined;
  knowsPartner(name: string): boolean;
  /** Absent when senders are not limited. */
  rateLimit?: RateLimit;
  maxBodyBytes: number;
};

/** Decides by its head alone whether a request's body is worth reading: answers the integration that it is for, or why not. */
export const admitWebhook = (needs: Needs) => (head: WebhookHead): Integration | Refusal => {
  if (head.method !== 'POST') return refuse('method-not-allowed', 'Webhooks are sent with POST.');
  const integrations = needs.integrations();
  if (!needs.logReady() || integrations === undefined) return logUnavailable();
  const tooLarge = checkLength(head, needs.maxBodyBytes);
  if (tooLarge) return tooLarge;
  const integration = findIntegration({ integrations, knowsPartner: needs.knowsPartner }, head.partner, head.integration);
  if (isRefusal(integration)) return integration;
  return checkAddress(head, integration) ?? checkRate(head, needs.rateLimit) ?? checkMediaType(head, integration) ?? integration;
};
