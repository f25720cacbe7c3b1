import type { WebhookProfile } from '#contract';

/** Stripe's signature header holds `t=` and one `v1=` per active secret. docs.stripe.com/webhooks/signature */
export const webhooks: WebhookProfile = {
  signature: {
    kind: 'hmac',
    algorithm: 'sha256',
    encoding: 'hex',
    signature: { header: 'stripe-signature', item: 'v1' },
    separators: { items: ',', keyValue: '=' },
    timestamp: { from: { header: 'stripe-signature', item: 't' }, unit: 's', toleranceS: 300 },
    signed: '{timestamp}.{body}',
  },
  identity: { by: 'path', path: 'id' },
  name: { parts: [{ path: 'type' }] },
  contentTypes: ['application/json'],
  keepHeaders: [],
};
