import type { Action } from '#partner-kit';
import { withReference } from './adapter.ts';
import { postToStripe } from './client.ts';
import { createCustomerInput, createInvoiceInput, finalizeInvoiceInput } from './inputs.ts';

/** What Stripe can be asked to do. Each call is keyed by the command's id. */
export const actions: Record<string, Action> = {
  'create-customer': {
    about: 'Creates a customer.',
    resolution: 'key',
    input: createCustomerInput,
    perform: (call) => postToStripe(call, 'customers', withReference(call.input as object, call.idempotencyKey)),
  },
  'create-invoice': {
    about: 'Creates a draft invoice for a customer.',
    resolution: 'key',
    input: createInvoiceInput,
    perform: (call) => postToStripe(call, 'invoices', withReference(call.input as object, call.idempotencyKey)),
  },
  'finalize-invoice': {
    about: 'Finalises a draft invoice, so that it can be paid.',
    resolution: 'key',
    input: finalizeInvoiceInput,
    perform: (call) => {
      const { invoice, ...parameters } = call.input as { invoice: string };
      return postToStripe(call, `invoices/${encodeURIComponent(invoice)}/finalize`, parameters);
    },
  },
};
