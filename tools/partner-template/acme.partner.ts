import type { Partner } from '#partner-kit';
import { actions } from './driver.ts';
import { webhooks } from './webhooks.ts';

/** Acme: what comes in and what goes out, and where that is documented. */
export const acme: Partner = {
  name: 'acme',
  webhooks,
  actions,
  needs: {
    credentials: { apiKey: 'An API key that may write things.' },
    settings: { baseUrl: 'Optional: where the API is; https://api.acme.example by default.' },
  },
};
