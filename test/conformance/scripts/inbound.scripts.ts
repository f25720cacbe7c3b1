import { readFileSync } from 'node:fs';
import type { PartnerScript } from '../partner.suite.ts';

const inboundOnly: Omit<PartnerScript, 'webhooks'> = {
  account: () => ({ integration: 'suite', credentials: {}, settings: {} }),
  inputs: {},
  troubles: [],
};

const githubHeaders = JSON.parse(readFileSync(new URL('../../../libs/partners/github/fixtures/issues.opened.headers.json', import.meta.url), 'utf8')) as Record<string, string>;

export const githubScript: PartnerScript = {
  ...inboundOnly,
  webhooks: [{ fixture: 'issues.opened.json', secret: 'suite', headers: githubHeaders, identity: '72d3162e-cc78-11e3-81ab-4c9367dc0958', name: 'issues.opened' }],
};

export const genericScript: PartnerScript = {
  ...inboundOnly,
  webhooks: [{ fixture: 'order.created.json', secret: 'whsec_c3VpdGUtc2VjcmV0', name: 'order.created' }],
};
