import type { Kind } from './plan-traffic.ts';

/** What each kind of webhook must have done at the partners, in the sandbox's words: what demo.yaml promises, written down a second time. */
export const EXPECTED_EFFECTS: Record<Kind, readonly string[]> = {
  stripe: ['slack/post-message', 'http/post'],
  slack: ['stripe/create-customer'],
  generic: ['http/post', 'slack/post-message'],
};

/** The partners that are called. */
export const CALLED_PARTNERS = [...new Set(Object.values(EXPECTED_EFFECTS).flat().map((effect) => effect.split('/')[0]!))];
