import type { Channel } from '../channel.ts';
import type { NoticeEntry, NoticeMessage } from '../notice-message.ts';
import { openPoster } from './post-message.ts';

/** The three characters that Slack's mrkdwn reads itself (https://docs.slack.dev/messaging/formatting-message-text). */
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const linkText = (link: string): string => (link.startsWith('http') ? `<${escaped(link)}|Runbook>` : escaped(link));

const linesOf = ({ lines, link }: NoticeEntry): string[] => [...lines.map(escaped), ...(link === undefined ? [] : [linkText(link)])];

const bold = (text: string): string => `*${escaped(text)}*`;

/** A message as an incoming webhook of Slack takes it. */
export const slackPayload = ({ title, entries, closing }: NoticeMessage): { text: string } => {
  const [only, ...more] = entries;
  const paragraphs = only !== undefined && more.length === 0 ? [[bold(title), ...linesOf(only)]] : [[bold(title)], ...entries.map((entry) => [bold(entry.heading), ...linesOf(entry)])];
  return { text: [...paragraphs.map((lines) => lines.join('\n')), ...(closing === undefined ? [] : [escaped(closing)])].join('\n\n') };
};

/** Slack, by an incoming webhook: https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks. Its URL is a secret. */
export const openSlackChannel = ({ url }: { url: string }): Channel => {
  const poster = openPoster();
  return { name: 'slack', send: (message) => poster.post({ url, body: JSON.stringify(slackPayload(message)) }), close: poster.close };
};
