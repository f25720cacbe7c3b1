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
  // The object of an event: a customer, or what belongs to one. docs.stripe.com/api/events/types
  personal: [
    { kind: 'customer', path: 'data.object.customer' },
    { kind: 'customer', path: 'data.object.id', prefix: 'cus_' },
    { kind: 'email', path: 'data.object.email' },
    { kind: 'email', path: 'data.object.customer_email' },
    { kind: 'email', path: 'data.object.receipt_email' },
    { kind: 'email', path: 'data.object.customer_details.email' },
    { kind: 'email', path: 'data.object.billing_details.email' },
    { kind: 'phone', path: 'data.object.phone' },
    { kind: 'phone', path: 'data.object.customer_phone' },
    { kind: 'phone', path: 'data.object.customer_details.phone' },
    { kind: 'phone', path: 'data.object.billing_details.phone' },
  ],
  masked: { secret: ['hosted_invoice_url'], personal: ['receipt_email', 'customer_tax_ids', 'ip_address', 'name'] },
};
