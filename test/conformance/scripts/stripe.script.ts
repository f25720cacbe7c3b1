import type { PartnerScript } from '../partner.suite.ts';

/** Stripe in the sandbox. */
export const stripeScript: PartnerScript = {
  account: (url) => ({ integration: 'suite', credentials: { apiKey: 'sk_test_SuiteSecretKey' }, settings: { baseUrl: `${url}/stripe` } }),
  inputs: {
    'create-customer': () => ({ email: 'ada@example.com', name: 'Ada', metadata: { order: '1001' }, address: { city: 'Berlin' } }),
    'create-invoice': () => ({ customer: 'cus_Suite01', auto_advance: false, days_until_due: 14, collection_method: 'send_invoice' }),
    'finalize-invoice': () => ({ invoice: 'in_Suite01' }),
  },
  troubles: [
    { title: 'a bad key', action: 'create-customer', credentials: { apiKey: 'sk_test_SuiteSecret_revoked' }, gives: { failureClass: 'auth', code: 'partner-auth-failed' } },
    { title: 'a customer that does not exist', action: 'create-invoice', input: { customer: 'cus_missing' }, gives: { failureClass: 'client', code: 'partner-refused' } },
    { title: 'an invoice that does not exist', action: 'finalize-invoice', input: { invoice: 'in_missing' }, gives: { failureClass: 'client', code: 'partner-refused' } },
    { title: 'half an answer', action: 'create-customer', faults: { unreadableRate: 1 }, gives: { failureClass: 'data', code: 'partner-answer-unreadable', effectUnknown: true } },
    { title: 'a limit with a time', action: 'create-customer', faults: { perSecond: 0, failRate: 1, status: 429, retryAfterS: 3 }, gives: { failureClass: 'rate-limit', code: 'partner-rate-limited', retryAfterMs: 3_000 } },
  ],
  webhooks: [{ fixture: 'invoice.paid.json', secret: 'whsec_suite', identity: 'evt_1TrunklineInvoicePaid01', name: 'invoice.paid' }],
};
