import type { Partner } from '#partner-kit';
import { actions } from './driver.ts';
import { webhooks } from './webhooks.ts';

/** Slack: events in, messages out. docs.slack.dev */
export const slack: Partner = {
  name: 'slack',
  webhooks,
  actions,
  needs: {
    credentials: {
      botToken: 'For post-message: a bot token (xoxb-…) with chat:write, and channels:history, groups:history or im:history for the channels it posts to.',
      webhookUrl: 'For post-webhook-message: an incoming webhook URL (https://hooks.slack.com/services/…), which is itself a secret.',
    },
    settings: {
      baseUrl: 'Optional: where the Web API is; https://slack.com by default.',
      channel: 'Optional: the channel id that post-message uses when its input names none.',
    },
  },
  // A user's id counts within its workspace. docs.slack.dev/reference/events, docs.slack.dev/interactivity/implementing-slash-commands
  personal: [
    { kind: 'user', path: 'event.user' },
    { kind: 'user', path: 'event.user.id' },
    { kind: 'user', path: 'event.message.user' },
    { kind: 'email', path: 'event.user.profile.email' },
    { kind: 'user', path: 'user_id' },
  ],
  // Whoever has these two may speak in the channel for half an hour.
  masked: { secret: ['response_url', 'trigger_id'], personal: ['user_name', 'real_name', 'display_name'] },
};
