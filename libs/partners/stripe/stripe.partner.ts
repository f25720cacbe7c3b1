import type { Partner } from '#partner-kit';
import { actions } from './driver.ts';
import { webhooks } from './webhooks.ts';

/** Stripe: events in, customers and invoices out. API v1, docs.stripe.com/api. */
export const stripe: Partner = {
  name: 'stripe',
  webhooks,
  actions,
  needs: {
    credentials: { apiKey: 'A secret or restricted API key (sk_… or rk_…) that may write customers and invoices.' },
    settings: {
      baseUrl: 'Optional: where the API is; https://api.stripe.com by default.',
      apiVersion: 'Optional: the API version that answers are read in; a tested one by default.',
      accountId: 'Optional: the connected account (acct_…) on whose behalf calls are made.',
    },
  },
  masked: { secret: ['hosted_invoice_url'], personal: ['receipt_email', 'customer_tax_ids', 'ip_address', 'name'] },
};
