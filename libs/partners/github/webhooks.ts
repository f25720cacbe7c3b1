import type { WebhookProfile } from '#contract';

/** docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries; a greeting is an ordinary event named `ping`. */
export const webhooks: WebhookProfile = {
  signature: {
    kind: 'hmac',
    algorithm: 'sha256',
    encoding: 'hex',
    signature: { header: 'x-hub-signature-256' },
    prefix: 'sha256=',
    signed: '{body}',
  },
  identity: { by: 'header', header: 'x-github-delivery' },
  name: { parts: [{ header: 'x-github-event' }, { path: 'action' }] },
  contentTypes: ['application/json'],
  keepHeaders: [
    'x-github-event',
    'x-github-delivery',
    'x-github-hook-id',
    'x-github-hook-installation-target-type',
    'x-github-hook-installation-target-id',
  ],
};
