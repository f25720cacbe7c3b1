import { BoundedMap } from '../bounded-map.ts';
import { bearerOf, headerText, json, type PlayedPartner, type PlayNeeds, type SandboxAnswer, type SandboxCall } from './played-partner.ts';

/** Stripe keeps keys for a day; the sandbox keeps as many as a day of a small account has. */
const KEYS_REMEMBERED = 100_000;

type Remembered = { fingerprint: string; status: number; body: string };

const stripeError = (status: number, type: string, message: string, more: { code?: string; param?: string } = {}, headers?: Record<string, string>): SandboxAnswer =>
  json(status, { error: { ...more, message, type } }, headers);

/** A place in the API, what it makes, and how it names it. */
const matchRoute = (call: SandboxCall): { action: string; invoice?: string } | undefined => {
  if (call.method !== 'POST') return undefined;
  if (call.path === '/v1/customers') return { action: 'create-customer' };
  if (call.path === '/v1/invoices') return { action: 'create-invoice' };
  const finalize = /^\/v1\/invoices\/([^/]+)\/finalize$/.exec(call.path);
  return finalize ? { action: 'finalize-invoice', invoice: decodeURIComponent(finalize[1]!) } : undefined;
};

const missing = (what: string, id: string, param: string, status: number): SandboxAnswer =>
  stripeError(status, 'invalid_request_error', `No such ${what}: '${id}'`, { code: 'resource_missing', param });

const metadataOf = (form: URLSearchParams): Record<string, string> => {
  const metadata: Record<string, string> = {};
  for (const [name, value] of form) {
    const key = /^metadata\[(.+)\]$/.exec(name)?.[1];
    if (key !== undefined) metadata[key] = value;
  }
  return metadata;
};

/** Plays Stripe's API v1: keys from `sk_test_` or `rk_test_` (not `…_revoked`) are good, ids that contain `missing` do not exist. */
export const playStripe = ({ effects, now }: PlayNeeds): PlayedPartner => {
  const keys = new BoundedMap<string, Remembered>(KEYS_REMEMBERED);
  const invoices = new BoundedMap<string, 'draft' | 'open'>(KEYS_REMEMBERED);
  const underWay = new Set<string>();
  let counter = 0;

  const newId = (prefix: string): string => `${prefix}_sandbox${(counter += 1).toString(36).padStart(8, '0')}`;
  const keyOf = (call: SandboxCall): string | undefined => {
    const key = headerText(call, 'idempotency-key');
    return key === undefined ? undefined : `${bearerOf(call)}\n${key}`;
  };
  const fingerprintOf = (call: SandboxCall): string => `${call.method} ${call.path}\n${call.body.toString('latin1')}`;

  const refuseKey = (call: SandboxCall): SandboxAnswer | undefined => {
    const key = bearerOf(call);
    if (key === undefined) return stripeError(401, 'invalid_request_error', 'You did not provide an API key.');
    if (!/^(sk|rk)_test_\w+$/.test(key) || key.endsWith('_revoked')) return stripeError(401, 'invalid_request_error', `Invalid API Key provided: ${key.slice(0, 8)}*****${key.slice(-4)}`);
    return undefined;
  };

  const replay = (call: SandboxCall, first: Remembered): SandboxAnswer => {
    if (first.fingerprint !== fingerprintOf(call)) {
      return stripeError(400, 'idempotency_error', 'Keys for idempotent requests can only be used with the same parameters they were first used with.');
    }
    effects.deduplicated();
    const headers: Record<string, string> = { 'content-type': 'application/json', 'idempotent-replayed': 'true' };
    if (first.status >= 500) headers['stripe-should-retry'] = 'false';
    return { status: first.status, headers, body: first.body };
  };

  const remember = (call: SandboxCall, answer: SandboxAnswer): SandboxAnswer => {
    const key = keyOf(call);
    if (key !== undefined) keys.set(key, { fingerprint: fingerprintOf(call), status: answer.status, body: answer.body });
    return answer;
  };

  const createCustomer = (call: SandboxCall, form: URLSearchParams): SandboxAnswer => {
    effects.happened('create-customer', call);
    const [email, name] = [form.get('email'), form.get('name')];
    return json(200, { id: newId('cus'), object: 'customer', created: Math.floor(now() / 1000), email, name, livemode: false, metadata: metadataOf(form) });
  };

  const createInvoice = (call: SandboxCall, form: URLSearchParams): SandboxAnswer => {
    const customer = form.get('customer') ?? '';
    if (customer === '' || customer.includes('missing')) return missing('customer', customer, 'customer', 400);
    effects.happened('create-invoice', call);
    const id = newId('in');
    invoices.set(id, 'draft');
    return json(200, { id, object: 'invoice', created: Math.floor(now() / 1000), customer, status: 'draft', livemode: false, metadata: metadataOf(form) });
  };

  const finalizeInvoice = (call: SandboxCall, id: string): SandboxAnswer => {
    if (id.includes('missing')) return missing('invoice', id, 'invoice', 404);
    if (invoices.get(id) === 'open') return stripeError(400, 'invalid_request_error', "This invoice is already finalized, you can't re-finalize a non-draft invoice.");
    effects.happened('finalize-invoice', call);
    invoices.set(id, 'open');
    return json(200, { id, object: 'invoice', number: `SBX-${String((counter += 1)).padStart(6, '0')}`, status: 'open', livemode: false });
  };

  return {
    enter: (call) => {
      const key = keyOf(call);
      if (key === undefined) return undefined;
      if (underWay.has(key)) return stripeError(409, 'idempotency_error', 'There is currently another in-progress request using this Idempotent Key.', { code: 'idempotency_key_in_use' });
      underWay.add(key);
      return undefined;
    },
    leave: (call) => void underWay.delete(keyOf(call) ?? ''),
    answer: (call) => {
      const refused = refuseKey(call);
      if (refused !== undefined) return refused;
      const route = matchRoute(call);
      if (route === undefined) return stripeError(404, 'invalid_request_error', `Unrecognized request URL (${call.method}: ${call.path}).`);
      const first = keys.get(keyOf(call) ?? '');
      if (first !== undefined) return replay(call, first);
      if (route.invoice !== undefined) return remember(call, finalizeInvoice(call, route.invoice));
      const form = new URLSearchParams(call.body.toString('utf8'));
      return remember(call, route.action === 'create-customer' ? createCustomer(call, form) : createInvoice(call, form));
    },
    fail: (call, { status, retryAfterS, remembered }) => {
      const headers = retryAfterS === undefined ? undefined : { 'retry-after': String(retryAfterS) };
      if (status === 429) return stripeError(429, 'invalid_request_error', 'Too many requests hit the API too quickly.', { code: 'rate_limit' }, headers);
      const failure = stripeError(status, 'api_error', 'An unknown error occurred', {}, headers);
      return remembered ? remember(call, failure) : failure;
    },
    reset: () => {
      keys.clear();
      invoices.clear();
    },
  };
};
