import { tooLarge } from './refusals.ts';
import type { Refusal, WebhookHead } from './webhook-stages.ts';

/** Refuses a body that says it is larger than allowed, before any of it is read. */
export const checkLength = (head: WebhookHead, maxBytes: number): Refusal | undefined =>
  Number(head.headers['content-length'] ?? 0) > maxBytes ? tooLarge(maxBytes) : undefined;
