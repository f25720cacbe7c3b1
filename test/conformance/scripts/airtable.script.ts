import type { PartnerScript } from '../partner.suite.ts';

/** Airtable in the sandbox. */
export const airtableScript: PartnerScript = {
  account: (url) => ({ integration: 'suite', credentials: { token: 'patSuiteSecretToken' }, settings: { baseUrl: `${url}/airtable`, baseId: 'appSuite01' } }),
  inputs: {
    'create-records': () => ({ table: 'Orders', records: [{ fields: { Order: 1001, Total: 49 } }] }),
    'upsert-records': () => ({ table: 'Orders', mergeOn: ['Order'], typecast: true, records: [{ fields: { Order: 1001, Total: 49 } }, { fields: { Order: 1002, Total: 50 } }] }),
  },
  troubles: [
    { title: 'a bad token', action: 'create-records', credentials: { token: 'patSuiteSecret_revoked' }, gives: { failureClass: 'auth', code: 'partner-auth-failed' } },
    { title: 'a table that does not exist', action: 'create-records', input: { table: 'Missing', records: [{ fields: { a: 1 } }] }, gives: { failureClass: 'client', code: 'partner-refused' } },
    { title: 'an unknown field', action: 'upsert-records', input: { table: 'Orders', mergeOn: ['Unknown'], records: [{ fields: { Unknown: 1 } }] }, gives: { failureClass: 'client', code: 'partner-refused' } },
    { title: 'half an answer', action: 'upsert-records', faults: { unreadableRate: 1 }, gives: { failureClass: 'data', code: 'partner-answer-unreadable', effectUnknown: true } },
    { title: 'the 30 seconds after a limit', action: 'upsert-records', faults: { failRate: 1, status: 429 }, gives: { failureClass: 'rate-limit', code: 'partner-rate-limited', retryAfterMs: 30_000 } },
  ],
  webhooks: [],
};
