const blocks = { type: 'array', maxItems: 50, items: { type: 'object' } };
const attachments = { type: 'array', maxItems: 100, items: { type: 'object' } };
const somethingToSay = [{ required: ['text'] }, { required: ['blocks'] }, { required: ['attachments'] }];

/** Arguments of chat.postMessage; others pass through. A channel is an id, not a name: its history can only be read by id. */
export const postMessageInput = {
  type: 'object',
  properties: {
    channel: { type: 'string', pattern: '^[CDG][A-Z0-9]{2,}$' },
    text: { type: 'string', minLength: 1, maxLength: 40_000 },
    blocks,
    attachments,
    thread_ts: { type: 'string', pattern: '^\\d+\\.\\d+$' },
    mrkdwn: { type: 'boolean' },
    unfurl_links: { type: 'boolean' },
    unfurl_media: { type: 'boolean' },
    username: { type: 'string' },
    icon_emoji: { type: 'string' },
    // Carries our reference.
    metadata: false,
  },
  anyOf: somethingToSay,
};

/** What an incoming webhook takes; it has a channel of its own. */
export const postWebhookMessageInput = {
  type: 'object',
  properties: { text: { type: 'string', minLength: 1, maxLength: 40_000 }, blocks, attachments, thread_ts: { type: 'string', pattern: '^\\d+\\.\\d+$' } },
  anyOf: somethingToSay,
};
