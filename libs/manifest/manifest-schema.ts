import { BUDGET_PERIODS, LANES, PERISHABLE } from '#contract';
import { oauthSchema } from './oauth-schema.ts';
import { consentMembers, personalSchema, recipientsSchema } from './personal-schema.ts';
import { webhookSchema } from './webhook-schema.ts';

const name = { type: 'string', pattern: '^[a-z0-9][a-z0-9-]{0,39}$', description: 'Lower-case letters, digits and dashes, at most 40.' };
const values = { type: 'object', additionalProperties: { type: ['string', 'number', 'boolean'] } };

const limits = {
  type: 'object',
  properties: {
    concurrency: { type: 'integer', minimum: 1, maximum: 1_000, default: 8, description: 'Calls at the same time.' },
    perSecond: { type: 'number', minimum: 0, maximum: 100_000, default: 0, description: 'Calls per second; 0 is unlimited.' },
    timeoutMs: { type: 'integer', minimum: 100, maximum: 300_000, default: 10_000, description: 'How long one call may take.' },
  },
  additionalProperties: false,
};

const budget = {
  type: 'object',
  description: 'How many calls are meant to be made. It warns at 80 % and stops nothing.',
  required: ['calls'],
  properties: {
    calls: { type: 'integer', minimum: 1, maximum: 1_000_000_000_000, description: 'Attempts that ask something of the partner, retries included.' },
    per: { enum: BUDGET_PERIODS, default: 'day', description: 'Counted anew at 00:00 UTC, of each day or of the first of each month.' },
  },
  additionalProperties: false,
};

const integration = {
  type: 'object',
  description: 'One account with one partner.',
  required: ['partner', 'name'],
  properties: {
    partner: name,
    name: { ...name, description: `Unique per partner. ${name.description}` },
    tenant: { ...name, default: 'default', description: 'Whose account it is.' },
    paused: { type: 'boolean', default: false, description: 'While true, webhooks are refused with 503 and commands wait.' },
    webhook: webhookSchema,
    personal: personalSchema,
    credentials: { ...values, default: {}, description: 'Secrets by name, as ${vault:name} or ${ENV} references.' },
    oauth: oauthSchema,
    settings: { ...values, default: {}, description: 'Plain settings by name, for example baseUrl.' },
    limits: { ...limits, default: {} },
    budget,
  },
  additionalProperties: false,
};

const target = {
  type: 'object',
  required: ['name', 'do'],
  properties: {
    name: { ...name, description: 'Unique in its route. Part of each command’s id: renaming it makes new commands of replayed events.' },
    do: { type: 'string', description: '<partner>.<integration>.<action>' },
    with: { type: 'string', minLength: 1, description: 'JSONata over { body, headers, type, event }, giving the input. Without it the body is the input.' },
    recipients: recipientsSchema,
    lane: { enum: LANES, default: 'normal', description: 'high: a person is waiting. low: media, replays.' },
    deadline: {
      type: 'string',
      pattern: '^[1-9][0-9]{0,8}(ms|s|m|h|d)$',
      default: '24h',
      description: 'How long the command may wait before it expires: a number with ms, s, m, h or d; at most 30d.',
    },
  },
  additionalProperties: false,
};

const route = {
  type: 'object',
  description: 'Sends events that match `on` and `when` to each target.',
  required: ['name', 'on', 'to'],
  properties: {
    name: { ...name, description: 'Unique. Part of each command’s id.' },
    on: { type: 'string', description: '<partner>.<integration>.<category>.<name…> with * for one part and a final > for the rest.' },
    when: { type: 'object', description: 'A filter over { body, headers, type }.' },
    to: { type: 'array', items: target, minItems: 1, maxItems: 50 },
  },
  additionalProperties: false,
};

const consent = {
  type: 'object',
  description: 'Events by which somebody says that they want messages no more, or again.',
  required: ['name', 'on', 'identifier', 'means'],
  properties: {
    name: { ...name, description: 'Unique.' },
    on: { type: 'string', description: 'As in a route.' },
    when: { type: 'object', description: 'As in a route.' },
    ...consentMembers,
  },
  additionalProperties: false,
};

const days = (about: string) => ({ type: 'string', pattern: '^[1-9][0-9]{0,4}d$', description: about });

const retention = {
  type: 'object',
  description: 'How long the log keeps events, by category: a number of days, at least 7d. A category that is not named is kept for good.',
  properties: {
    ...Object.fromEntries(PERISHABLE.map((category) => [category, days(`How long ${category}.* events are kept: days, such as 90d.`)])),
    ids: days('How long ids are known after their event went, so that a partner who sends it again is told that it was: days, at least 7d; 35d when absent.'),
  },
  additionalProperties: false,
};

/** JSON Schema (draft 2020-12) of `trunkline.yaml` as it is written; published as docs/trunkline.schema.json. */
export const manifestSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:trunkline:schema:manifest',
  title: 'trunkline.yaml',
  type: 'object',
  required: ['version'],
  properties: {
    version: { const: 1, description: 'Of this format.' },
    integrations: { type: 'array', items: integration, default: [] },
    routes: { type: 'array', items: route, default: [] },
    consent: { type: 'array', items: consent, maxItems: 200 },
    retention,
  },
  additionalProperties: false,
};
