import type { PartnerScript } from '../../test/conformance/partner.suite.ts';

/** Acme in the sandbox: play it in apps/sandbox/played/acme.ts, and add it to apps/sandbox/stage.ts. */
export const acmeScript: PartnerScript = {
  account: (url) => ({ integration: 'suite', credentials: { apiKey: 'suite-secret-key' }, settings: { baseUrl: `${url}/acme` } }),
  inputs: { 'create-thing': () => ({ name: 'a thing' }) },
  troubles: [],
  webhooks: [{ fixture: 'thing.created.json', secret: 'suite', identity: 'evt_1', name: 'thing.created' }],
};
