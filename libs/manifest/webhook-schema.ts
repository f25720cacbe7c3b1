/** The parts of the manifest's JSON Schema that say how webhooks are verified, greeted, told apart and named. */

const text = { type: 'string', minLength: 1 };
const headerName = { type: 'string', pattern: '^[a-z0-9!#$%&\'*+.^_`|~-]+$', description: 'A header name in lower case.' };
const path = { type: 'string', minLength: 1, description: 'Where in the body: names joined by dots.' };

/** An object that must have exactly these members; those in `optional` may be left out. */
const members = (required: Record<string, object>, optional: Record<string, object> = {}): object => ({
  type: 'object',
  required: Object.keys(required),
  properties: { ...required, ...optional },
  additionalProperties: false,
});

/** Chooses the shape by the value of one member. */
const byTag = (tag: string, shapes: Record<string, object>): object => ({
  type: 'object',
  required: [tag],
  properties: { [tag]: { enum: Object.keys(shapes) } },
  allOf: Object.entries(shapes).map(([value, shape]) => ({ if: { properties: { [tag]: { const: value } }, required: [tag] }, then: shape })),
});

const headerSource = members({ header: headerName }, { item: { ...text, description: 'One key of a header such as t=1,v1=abc.' } });
const encoding = { enum: ['hex', 'base64'] };

const signing = {
  separators: members({ items: text, keyValue: text }),
  prefix: { ...text, description: 'What stands before the digest, for example sha256=.' },
  timestamp: members({ from: headerSource, unit: { enum: ['s', 'ms', 'rfc3339'] }, toleranceS: { type: 'integer', minimum: 1, maximum: 86_400 } }),
  id: headerSource,
};
const signed = { ...text, description: 'What is signed: text with {timestamp}, {id}, {body}, {url}, {method}.' };

const hmac = members(
  { kind: { const: 'hmac' }, algorithm: { enum: ['sha1', 'sha256', 'sha512'] }, encoding, signature: headerSource, signed },
  { ...signing, secret: members({ encoding: { enum: ['utf8', 'base64', 'hex'] } }, { prefix: text }) },
);
const asymmetric = members(
  {
    kind: { const: 'asymmetric' },
    algorithm: { enum: ['ed25519', 'ecdsa-p256', 'rsa-sha256'] },
    encoding,
    signature: headerSource,
    signed,
    key: { enum: ['pem', 'raw-hex', 'raw-base64'] },
  },
  signing,
);
const kind = { kind: { const: 'shared-secret' } };
const sharedSecret = byTag('in', {
  header: members({ ...kind, in: {}, header: headerName }),
  bearer: members({ ...kind, in: {} }),
  basic: members({ ...kind, in: {} }),
  query: members({ ...kind, in: {}, parameter: text }),
});

const signature = byTag('kind', { hmac, asymmetric, 'shared-secret': sharedSecret, none: members({ kind: { const: 'none' } }) });

const handshake = members({
  match: members({ path, value: text }),
  respond: members({ path, as: { enum: ['text', 'json'] } }, { key: text }),
  signed: { type: 'boolean', description: 'Whether the greeting itself is signed.' },
});

const identity = byTag('by', {
  header: members({ by: {}, header: headerName }),
  path: members({ by: {}, path }),
  fields: members({ by: {}, paths: { type: 'array', items: path, minItems: 1 } }),
  stable: members({ by: {}, omit: { type: 'array', items: path } }),
  body: members({ by: {} }),
});

const namePart = { type: 'object', properties: { header: headerName, path, word: text }, additionalProperties: false, minProperties: 1, maxProperties: 1 };

/** `webhook` of an integration. */
export const webhookSchema = {
  description: 'How webhooks of this account are received. What is not given is the partner’s own profile.',
  ...members(
    {},
    {
      secrets: {
        type: 'array',
        items: text,
        maxItems: 10,
        default: [],
        description: 'Active signing secrets (or public keys) as ${ENV} references; any may match, so that they can be rotated.',
      },
      allowFrom: { type: 'array', items: { ...text, description: 'An address or a range: 192.0.2.7, 10.0.0.0/8, 2001:db8::/32.' }, minItems: 1, maxItems: 200, description: 'Who may send, by address, checked before the signature; everyone when it is not given.' },
      signature,
      handshake,
      identity: { ...identity, description: 'What makes two deliveries the same event.' },
      name: members({ parts: { type: 'array', items: namePart, minItems: 1 } }, { pick: { const: 'first' } }),
      contentTypes: { type: 'array', items: { type: 'string', pattern: '^[a-z0-9.+-]+/[a-z0-9.+*-]+$' }, minItems: 1 },
      keepHeaders: { type: 'array', items: headerName },
    },
  ),
};
