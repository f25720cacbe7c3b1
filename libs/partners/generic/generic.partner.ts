import type { Partner } from '#partner-kit';
import { webhooks } from './webhooks.ts';

/** Anyone who sends webhooks: what their signature, identity and name look like is declared in trunkline.yaml. */
export const generic: Partner = {
  name: 'generic',
  webhooks,
  actions: {},
  needs: { credentials: {}, settings: {} },
};
