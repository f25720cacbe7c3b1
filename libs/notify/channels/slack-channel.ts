import type { Channel } from '../channel.ts';
import type { NoticeEntry, NoticeMessage } from '../notice-message.ts';
import { openPoster } from './post-message.ts';

/** The three characters that Slack's mrkdwn reads itself (https://docs.slack.dev/messaging/formatting-message-text). */
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const linkText = (link: string): string => (link.startsWith('http') ? `<${escaped(link)}|Runbook>` : escaped(link));

const entryText = ({ heading, lines, link }: NoticeEntry): string =>
  [`*${escaped(heading)}*`, ...lines.map(escaped), ...(link === undefined ? [] : [linkText(link)])].join('\n');

/** A message as an incoming webhook of Slack takes it. */
export const slackPayload = ({ title, entries, closing }: NoticeMessage): { text: string } => ({
  text: [escaped(title), ...entries.map(entryText), ...(closing === undefined ? [] : [escaped(closing)])].join('\n\n'),
});

/** Slack, by an incoming webhook: https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks. Its URL is a secret. */
export const openSlackChannel = ({ url }: { url: string }): Channel => {
  const poster = openPoster();
  return { name: 'slack', send: (message) => poster.post({ url, body: JSON.stringify(slackPayload(message)) }), close: poster.close };
};
