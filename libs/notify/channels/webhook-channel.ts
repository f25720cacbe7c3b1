import { HubError } from '#contract';
import { signWebhook, STANDARD_WEBHOOKS } from '#partner-kit';
import type { Channel } from '../channel.ts';
import { renderText, type NoticeMessage } from '../notice-message.ts';
import { openPoster } from './post-message.ts';

/** A message as programs get it. */
export const webhookPayload = (message: NoticeMessage): object => ({
  type: 'trunkline.notice',
  timestamp: message.at,
  data: { id: message.id, title: message.title, text: renderText(message), notices: message.entries.map(({ data }) => data) },
});

/** By the standard, 24 to 64 random bytes in base64. */
const requireSecret = (secret: string): void => {
  const bytes = Buffer.from(secret.replace(/^whsec_/, ''), 'base64').length;
  if (secret !== '' && (bytes < 24 || bytes > 64)) {
    throw new HubError('config-invalid', 'NOTIFY_WEBHOOK_SECRET must be 24 to 64 random bytes in base64, after whsec_. Make one: echo "whsec_$(openssl rand -base64 32)"');
  }
};

type Options = { url: string; secret: string; now(): number };

/** Any address, by a POST that is signed when there is a secret. */
export const openWebhookChannel = ({ url, secret, now }: Options): Channel => {
  requireSecret(secret);
  const poster = openPoster();
  return {
    name: 'webhook',
    send: (message) => {
      const body = JSON.stringify(webhookPayload(message));
      const headers = secret === '' ? { 'webhook-id': message.id } : signWebhook(STANDARD_WEBHOOKS, secret, { method: 'POST', url, body, id: message.id }, now());
      return poster.post({ url, body, headers });
    },
    close: poster.close,
  };
};
