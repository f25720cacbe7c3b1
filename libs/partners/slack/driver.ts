import type { Action } from '#partner-kit';
import { toMessage } from './adapter.ts';
import { postToSlack, postToWebhook } from './client.ts';
import { findMessage } from './find-message.ts';
import { postMessageInput, postWebhookMessageInput } from './inputs.ts';

/** What Slack can be asked to do. It knows no idempotency key, so a lost answer is resolved by looking, where there is something to look at. */
export const actions: Record<string, Action> = {
  'post-message': {
    about: 'Posts a message to a channel as the app (chat.postMessage).',
    resolution: 'lookup',
    input: postMessageInput,
    perform: async (call) => {
      const { status, body } = await postToSlack(call, 'chat.postMessage', toMessage(call));
      return { status, reference: (body as { ts?: string }).ts };
    },
    lookup: async (call) => {
      const ts = await findMessage(call);
      return ts === undefined ? undefined : { status: 200, reference: ts };
    },
  },
  'post-webhook-message': {
    about: "Posts a message through an incoming webhook, to the webhook's own channel.",
    resolution: 'none',
    input: postWebhookMessageInput,
    perform: async (call) => ({ status: (await postToWebhook(call, call.input as object)).status }),
  },
};
