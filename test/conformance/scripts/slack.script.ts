import type { PartnerScript, Trouble } from '../partner.suite.ts';

const word = (title: string, channel: string, gives: Trouble['gives']): Trouble => ({ title, action: 'post-message', input: { channel, text: 'hello' }, gives });

const token = (botToken: string): Trouble => ({ title: `the token ${botToken}`, action: 'post-message', credentials: { botToken }, gives: { failureClass: 'auth', code: 'partner-auth-failed' } });

/** Slack in the sandbox. */
export const slackScript: PartnerScript = {
  account: (url) => ({
    integration: 'suite',
    credentials: { botToken: 'xoxb-suite-secret', webhookUrl: `${url}/slack/services/T0SUITE01/B0SUITE01/suitesecretsuitesecret` },
    settings: { baseUrl: `${url}/slack`, channel: 'C0DEFAULT1' },
  }),
  inputs: {
    'post-message': () => ({ text: 'Order 1001 is paid', blocks: [{ type: 'section', text: { type: 'mrkdwn', text: 'Order *1001* is paid' } }] }),
    'post-webhook-message': () => ({ text: 'Order 1001 is paid' }),
  },
  troubles: [
    word('ok:false channel_not_found', 'C0NOTFOUND', { failureClass: 'client', code: 'partner-refused' }),
    word('ok:false is_archived', 'C0ARCHIVED', { failureClass: 'client', code: 'partner-refused' }),
    word('ok:false not_in_channel', 'C0NOTIN', { failureClass: 'client', code: 'partner-refused' }),
    word('ok:false internal_error', 'C0INTERNAL', { failureClass: 'transient', code: 'partner-error', effectUnknown: true }),
    word('ok:false fatal_error', 'C0FATAL', { failureClass: 'transient', code: 'partner-error', effectUnknown: true }),
    word('ok:false service_unavailable', 'C0BUSY', { failureClass: 'transient', code: 'partner-error' }),
    token('xoxb-suite-revoked'),
    token('xoxb-suite-expired'),
    token('not-a-token'),
    { title: 'a limit with a time', action: 'post-message', faults: { failRate: 1, status: 429, retryAfterS: 30 }, gives: { failureClass: 'rate-limit', code: 'partner-rate-limited', retryAfterMs: 30_000 } },
    { title: 'half an answer', action: 'post-message', faults: { unreadableRate: 1 }, gives: { failureClass: 'data', code: 'partner-answer-unreadable', effectUnknown: true } },
    { title: 'nothing to say', action: 'post-webhook-message', input: { text: '' }, gives: { failureClass: 'client', code: 'partner-refused' } },
    { title: 'a limit', action: 'post-webhook-message', faults: { failRate: 1, status: 429, retryAfterS: 7 }, gives: { failureClass: 'rate-limit', code: 'partner-rate-limited', retryAfterMs: 7_000 } },
    { title: 'rollup_error', action: 'post-webhook-message', faults: { failRate: 1, status: 500 }, gives: { failureClass: 'transient', code: 'partner-error', effectUnknown: true } },
  ],
  webhooks: [
    { fixture: 'message.json', secret: 'suite', identity: 'Ev0TRUNKLINE01', name: 'app_mention' },
    { fixture: 'url_verification.json', secret: 'suite', name: 'url_verification', answers: { challenge: '3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P' } },
    { fixture: 'slash-command.form', secret: 'suite', name: '_order' },
  ],
};
