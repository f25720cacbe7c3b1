const metadata = { type: 'object', maxProperties: 49, additionalProperties: { type: ['string', 'number', 'boolean', 'null'] } };
const objectId = (prefix: string): object => ({ type: 'string', pattern: `^${prefix}_[A-Za-z0-9_]+$`, maxLength: 255 });

/** Parameters of `POST /v1/customers`; those not named here pass through as they are. docs.stripe.com/api/customers/create */
export const createCustomerInput = {
  type: 'object',
  properties: {
    email: { type: 'string', maxLength: 512 },
    name: { type: 'string', maxLength: 256 },
    phone: { type: 'string', maxLength: 20 },
    description: { type: 'string' },
    metadata,
  },
};

/** Parameters of `POST /v1/invoices`; those not named here pass through as they are. docs.stripe.com/api/invoices/create */
export const createInvoiceInput = {
  type: 'object',
  required: ['customer'],
  properties: {
    customer: objectId('cus'),
    auto_advance: { type: 'boolean' },
    collection_method: { enum: ['charge_automatically', 'send_invoice'] },
    days_until_due: { type: 'integer', minimum: 0 },
    description: { type: 'string' },
    currency: { type: 'string', pattern: '^[A-Za-z]{3}$' },
    metadata,
  },
};

/** Parameters of `POST /v1/invoices/{invoice}/finalize`. docs.stripe.com/api/invoices/finalize */
export const finalizeInvoiceInput = {
  type: 'object',
  required: ['invoice'],
  properties: { invoice: objectId('in'), auto_advance: { type: 'boolean' } },
  additionalProperties: false,
};
