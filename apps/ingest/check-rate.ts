import type { RateLimit } from '#boot';
import { refuse, type Refusal, type WebhookHead } from './webhook-stages.ts';

/** Refuses an address that sends faster than one address may to this integration. */
export const checkRate = ({ partner, integration, address }: WebhookHead, limit: RateLimit | undefined): Refusal | undefined => {
  if (limit === undefined) return undefined;
  const verdict = limit.take(`${partner}/${integration} ${address()}`);
  if (verdict.waitS === 0) return undefined;
  return { ...refuse('rate-limited', 'This address sends faster than this integration allows.', verdict.waitS), rate: { name: 'webhooks', limit, verdict } };
};
