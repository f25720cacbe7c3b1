import type { ConfigOf, ConfigSchema } from '#boot';
import { HubError } from '#contract';
import type { Channel } from './channel.ts';
import { openEmailChannel } from './channels/email-channel.ts';
import { openSlackChannel } from './channels/slack-channel.ts';
import { openWebhookChannel } from './channels/webhook-channel.ts';
import type { notifyFields } from './notify-fields.ts';

export type NotifySettings = ConfigOf<ConfigSchema<typeof notifyFields>>;

const requireHttp = (name: string, url: string): void => {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) throw new HubError('config-invalid', `${name} must be an address that begins with https:// or http://.`);
};

/** Every channel that is configured. Throws `config-invalid` for one that is half configured; nothing is connected yet. */
export const openChannels = (settings: NotifySettings, now: () => number): Channel[] => {
  const channels: Channel[] = [];
  if (settings.slackUrl !== '') {
    requireHttp('NOTIFY_SLACK_URL', settings.slackUrl);
    channels.push(openSlackChannel({ url: settings.slackUrl }));
  }
  if (settings.webhookUrl !== '') {
    requireHttp('NOTIFY_WEBHOOK_URL', settings.webhookUrl);
    channels.push(openWebhookChannel({ url: settings.webhookUrl, secret: settings.webhookSecret, now }));
  }
  if (settings.smtpUrl !== '') channels.push(openEmailChannel({ url: settings.smtpUrl, from: settings.emailFrom, to: settings.emailTo }));
  return channels;
};
