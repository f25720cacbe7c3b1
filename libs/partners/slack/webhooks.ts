import type { WebhookProfile } from '#contract';

/** docs.slack.dev/authentication/verifying-requests-from-slack; slash commands and interactivity come as forms. */
export const webhooks: WebhookProfile = {
  signature: {
    kind: 'hmac',
    algorithm: 'sha256',
    encoding: 'hex',
    signature: { header: 'x-slack-signature' },
    prefix: 'v0=',
    timestamp: { from: { header: 'x-slack-request-timestamp' }, unit: 's', toleranceS: 300 },
    signed: 'v0:{timestamp}:{body}',
  },
  handshake: { match: { path: 'type', value: 'url_verification' }, respond: { path: 'challenge', as: 'json', key: 'challenge' }, signed: true },
  identity: { by: 'path', path: 'event_id' },
  name: { parts: [{ path: 'event.type' }, { path: 'command' }, { path: 'type' }], pick: 'first' },
  contentTypes: ['application/json', 'application/x-www-form-urlencoded'],
  keepHeaders: ['x-slack-retry-num', 'x-slack-retry-reason'],
};
