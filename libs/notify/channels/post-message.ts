import { createApiClient, PartnerFailure, type PartnerApiClient } from '#partner-kit';
import { ChannelFailure } from '../channel.ts';

const TIMEOUT_MS = 10_000;
const SHOWN = 80;

export type Post = { url: string; body: string; headers?: Record<string, string> };

/** A client for one address; its failures name no secret of the address. */
export const openPoster = (): { post(given: Post): Promise<string>; close(): Promise<void> } => {
  const client: PartnerApiClient = createApiClient({ timeoutMs: TIMEOUT_MS, userAgent: 'trunkline/0.1', connections: 1, maxAnswerBytes: 64 * 1024 });
  return {
    post: async ({ url, body, headers }) => {
      try {
        const answer = await client.send({ method: 'POST', url, body, headers: { 'content-type': 'application/json', ...headers }, expect: 'text' });
        const words = String(answer.body).replaceAll(/\s+/g, ' ').trim().slice(0, SHOWN);
        return `HTTP ${answer.status}${words === '' ? '' : ` ${words}`}`;
      } catch (error) {
        if (!(error instanceof PartnerFailure)) throw error;
        throw new ChannelFailure(error.message, error.details.retryAfterMs);
      }
    },
    close: () => client.close(),
  };
};
