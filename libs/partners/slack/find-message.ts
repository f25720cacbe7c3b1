import { PartnerFailure, type Call } from '#partner-kit';
import { channelOf, isOurs, type MessageInput, type Metadata } from './adapter.ts';
import { readFromSlack } from './client.ts';

type Page = { messages?: { ts: string; metadata?: Partial<Metadata> }[]; has_more?: boolean; response_metadata?: { next_cursor?: string } };

const PAGE_SIZE = 200;
const MOST_PAGES = 100;

/** Our clock and Slack's may differ by this much. */
const CLOCK_SKEW_S = 300;

const firstQuery = (call: Call): [method: string, query: Record<string, string>] => {
  const { thread_ts: thread } = call.input as MessageInput;
  const query: Record<string, string> = { channel: channelOf(call), include_all_metadata: 'true', limit: String(PAGE_SIZE) };
  if (call.issuedAt !== undefined) query['oldest'] = String(Math.floor(Date.parse(call.issuedAt) / 1000) - CLOCK_SKEW_S);
  // A channel's history leaves out what was posted into threads.
  return thread === undefined ? ['conversations.history', query] : ['conversations.replies', { ...query, ts: thread }];
};

/**
 * Looks in the channel (or thread) for the message that carries the command's id, back to when the command was issued.
 * Returns its `ts`, or undefined when it is certainly not there. Fails as `uncertain` when there is too much to read through.
 */
export const findMessage = async (call: Call): Promise<string | undefined> => {
  const [method, query] = firstQuery(call);
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const answer = (await readFromSlack(call, method, query)) as Page;
    const found = answer.messages?.find((message) => isOurs(message, call.idempotencyKey));
    if (found !== undefined) return found.ts;
    const cursor = answer.response_metadata?.next_cursor;
    if (!answer.has_more || !cursor) return undefined;
    query['cursor'] = cursor;
  }
  throw new PartnerFailure('client', 'uncertain', `the channel has more than ${MOST_PAGES * PAGE_SIZE} messages since the command was issued: look for this one by hand`);
};
