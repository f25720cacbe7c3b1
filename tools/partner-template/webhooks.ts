import type { WebhookProfile } from '#contract';

/** How Acme signs, identifies and names its webhooks; name the page of its documentation here. Delete this file if it sends none. */
export const webhooks: WebhookProfile = {
  signature: {
    kind: 'hmac',
    algorithm: 'sha256',
    encoding: 'hex',
    signature: { header: 'x-acme-signature' },
    timestamp: { from: { header: 'x-acme-timestamp' }, unit: 's', toleranceS: 300 },
    signed: '{timestamp}.{body}',
  },
  identity: { by: 'path', path: 'id' },
  name: { parts: [{ path: 'type' }] },
  contentTypes: ['application/json'],
  keepHeaders: [],
};
