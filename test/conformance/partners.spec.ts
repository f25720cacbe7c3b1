import { expect, it } from 'vitest';
import { partners } from '#partners';
import { partnerSuite, type PartnerScript } from './partner.suite.ts';
import { airtableScript } from './scripts/airtable.script.ts';
import { httpScript } from './scripts/http.script.ts';
import { genericScript, githubScript } from './scripts/inbound.scripts.ts';
import { slackScript } from './scripts/slack.script.ts';
import { stripeScript } from './scripts/stripe.script.ts';

const suites: Record<string, [PartnerScript, Parameters<typeof partnerSuite>[2]]> = {
  airtable: [airtableScript, { signsWebhooks: false, lists: false, idempotency: 'natural' }],
  generic: [genericScript, { signsWebhooks: true, lists: false, idempotency: 'none' }],
  github: [githubScript, { signsWebhooks: true, lists: false, idempotency: 'none' }],
  http: [httpScript, { signsWebhooks: false, lists: false, idempotency: 'key' }],
  slack: [slackScript, { signsWebhooks: true, lists: false, idempotency: 'lookup' }],
  stripe: [stripeScript, { signsWebhooks: true, lists: false, idempotency: 'key' }],
};

for (const [name, [script, features]] of Object.entries(suites)) partnerSuite(name, script, features);

it('leaves no partner of the registry out', () => {
  expect(Object.keys(suites).sort()).toEqual(Object.keys(partners).sort());
});
