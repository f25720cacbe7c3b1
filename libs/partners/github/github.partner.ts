import type { Partner } from '#partner-kit';
import { webhooks } from './webhooks.ts';

/** GitHub: webhooks in. docs.github.com/webhooks */
export const github: Partner = {
  name: 'github',
  webhooks,
  actions: {},
  needs: { credentials: {}, settings: {} },
};
