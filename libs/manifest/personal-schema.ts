/** The parts of the manifest's JSON Schema that say where persons are named. */

const identifier = {
  type: 'object',
  description: 'Where an identifier of a person stands.',
  required: ['kind', 'path'],
  properties: {
    kind: { type: 'string', pattern: '^[a-z][a-z0-9-]{0,39}$', description: 'email and phone mean the same person in every account; any other name, such as customer, is an id that counts within its account.' },
    path: { type: 'string', minLength: 1, maxLength: 500, description: 'Names joined by dots; a list on the way stands for each of its elements.' },
    prefix: { type: 'string', minLength: 1, description: 'Only values that begin so.' },
  },
  additionalProperties: false,
};
const identifiers = { type: 'array', items: identifier, minItems: 1, maxItems: 50 };

/** `personal` of an integration. */
export const personalSchema = {
  description: 'Where its webhooks name persons; not given: as the partner declares. false: nowhere, and nothing is sealed.',
  type: ['boolean', 'object'],
  if: { type: 'boolean' },
  then: { const: false },
  properties: {
    add: { ...identifiers, description: 'Beside what the partner declares.' },
    only: { ...identifiers, description: 'In place of what the partner declares.' },
  },
  additionalProperties: false,
  minProperties: 1,
  maxProperties: 1,
};

/** `recipients` of a target. */
export const recipientsSchema = { ...identifiers, description: 'Where the input says to whom the message goes, beside what the action itself knows: nothing is sent to whoever wants none.' };

/** What a member of `consent` says beside its name, `on` and `when`. */
export const consentMembers = {
  identifier: { ...identifier, description: 'Who says so.' },
  means: { enum: ['suppress', 'allow'], description: 'No messages any more, or again.' },
};
