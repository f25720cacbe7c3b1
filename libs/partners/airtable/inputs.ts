const record = { type: 'object', required: ['fields'], properties: { fields: { type: 'object', minProperties: 1 } }, additionalProperties: false };

const properties = {
  base: { type: 'string', pattern: '^app[A-Za-z0-9]+$' },
  /** A table's id is better than its name, which people change. */
  table: { type: 'string', minLength: 1 },
  records: { type: 'array', minItems: 1, maxItems: 10, items: record },
  typecast: { type: 'boolean' },
};

/** Body of `POST /v0/{base}/{table}`. airtable.com/developers/web/api/create-records */
export const createRecordsInput = { type: 'object', required: ['table', 'records'], properties, additionalProperties: false };

/** Body of `PATCH /v0/{base}/{table}` with `performUpsert`. airtable.com/developers/web/api/update-multiple-records */
export const upsertRecordsInput = {
  type: 'object',
  required: ['table', 'records', 'mergeOn'],
  properties: { ...properties, mergeOn: { type: 'array', minItems: 1, maxItems: 3, items: { type: 'string', minLength: 1 } } },
  additionalProperties: false,
};
