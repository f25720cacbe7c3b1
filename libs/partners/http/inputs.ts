const scalars = { type: ['string', 'number', 'boolean'] };

const properties = {
  /** Below the account's base URL; `{{name}}` stands for a value of `params`, percent-encoded. */
  url: { type: 'string', maxLength: 8_000 },
  params: { type: 'object', additionalProperties: scalars },
  query: { type: 'object', additionalProperties: { anyOf: [scalars, { type: 'array', items: scalars }, { type: 'null' }] } },
  headers: { type: 'object', additionalProperties: { type: 'string' } },
  json: {},
  form: { type: 'object', additionalProperties: scalars },
  text: { type: 'string' },
};

/** At most one kind of body. */
const oneBody = { not: { anyOf: [{ required: ['json', 'form'] }, { required: ['json', 'text'] }, { required: ['form', 'text'] }] } };

/** Input of the actions whose method is the caller's choice. */
export const sendInput = {
  type: 'object',
  required: ['url'],
  properties: { method: { enum: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] }, ...properties },
  additionalProperties: false,
  ...oneBody,
};

/** Input of the actions whose method is given. */
export const fixedMethodInput = { type: 'object', required: ['url'], properties, additionalProperties: false, ...oneBody };
