import type { HmacScheme } from '#contract';

/** Standard Webhooks 1.0: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md. */
export const STANDARD_WEBHOOKS: HmacScheme = {
  kind: 'hmac',
  algorithm: 'sha256',
  encoding: 'base64',
  id: { header: 'webhook-id' },
  timestamp: { from: { header: 'webhook-timestamp' }, unit: 's', toleranceS: 300 },
  signature: { header: 'webhook-signature', item: 'v1' },
  separators: { items: ' ', keyValue: ',' },
  signed: '{id}.{timestamp}.{body}',
  secret: { encoding: 'base64', prefix: 'whsec_' },
};
