import { BoundedMap } from '../bounded-map.ts';
import { bearerOf, headerText, json, type OrderedFailure, type PlayedPartner, type PlayNeeds, type SandboxAnswer, type SandboxCall } from './played-partner.ts';

/** Stripe keeps keys for a day; the sandbox keeps as many as a day of a small account has. */
const KEYS_REMEMBERED = 100_000;

type Remembered = { fingerprint: string; status: number; body: string };

type Route = { action: string; invoice?: string };

type StripeError = { type: string; message: string; code?: string; param?: string };

const stripeError = (status: number, error: StripeError, headers?: Record<string, string>): SandboxAnswer => json(status, { error }, headers);

const invalid = (status: number, message: string, more: { code?: string; param?: string } = {}): SandboxAnswer =>
  stripeError(status, { type: 'invalid_request_error', message, ...more });

/** A place in the API, what it makes, and how it names it. */
const matchRoute = (call: SandboxCall): Route | undefined => {
  if (call.method !== 'POST') return undefined;
  if (call.path === '/v1/customers') return { action: 'create-customer' };
  if (call.path === '/v1/invoices') return { action: 'create-invoice' };
  const finalize = /^\/v1\/invoices\/([^/]+)\/finalize$/.exec(call.path);
  return finalize ? { action: 'finalize-invoice', invoice: decodeURIComponent(finalize[1]!) } : undefined;
};

/** Keys belong to an account. */
const keyOf = (call: SandboxCall): string | undefined => {
  const key = headerText(call, 'idempotency-key');
  return key === undefined ? undefined : `${bearerOf(call)}\n${key}`;
};

const fingerprintOf = (call: SandboxCall): string => `${call.method} ${call.path}\n${call.body.toString('latin1')}`;

const refuseKey = (call: SandboxCall): SandboxAnswer | undefined => {
  const key = bearerOf(call);
  if (key === undefined) return invalid(401, 'You did not provide an API key.');
  if (/^(sk|rk)_test_\w+$/.test(key) && !key.endsWith('_revoked')) return undefined;
  return invalid(401, `Invalid API Key provided: ${key.slice(0, 8)}*****${key.slice(-4)}`);
};

const missing = (what: string, id: string, param: string, status: number): SandboxAnswer =>
  invalid(status, `No such ${what}: '${id}'`, { code: 'resource_missing', param });

const metadataOf = (form: URLSearchParams): Record<string, string> => {
  const metadata: Record<string, string> = {};
  for (const [name, value] of form) {
    const key = /^metadata\[(.+)\]$/.exec(name)?.[1];
    if (key !== undefined) metadata[key] = value;
  }
  return metadata;
};

/** Plays Stripe's API v1: keys from `sk_test_` or `rk_test_` (not `…_revoked`) are good, ids that contain `missing` do not exist. */
export class PlayedStripe implements PlayedPartner {
  private readonly keys = new BoundedMap<string, Remembered>(KEYS_REMEMBERED);
  private readonly invoices = new BoundedMap<string, 'draft' | 'open'>(KEYS_REMEMBERED);
  private readonly underWay = new Set<string>();
  private counter = 0;

  constructor(private readonly needs: PlayNeeds) {}

  enter(call: SandboxCall): SandboxAnswer | undefined {
    const key = keyOf(call);
    if (key === undefined) return undefined;
    if (this.underWay.has(key)) {
      return stripeError(409, { type: 'idempotency_error', code: 'idempotency_key_in_use', message: 'There is currently another in-progress request using this Idempotent Key.' });
    }
    this.underWay.add(key);
    return undefined;
  }

  leave(call: SandboxCall): void {
    this.underWay.delete(keyOf(call) ?? '');
  }

  answer(call: SandboxCall): SandboxAnswer {
    const refused = refuseKey(call);
    if (refused !== undefined) return refused;
    const route = matchRoute(call);
    if (route === undefined) return invalid(404, `Unrecognized request URL (${call.method}: ${call.path}).`);
    const first = this.keys.get(keyOf(call) ?? '');
    return first === undefined ? this.remember(call, this.carryOut(call, route)) : this.replay(call, first);
  }

  fail(call: SandboxCall, { status, retryAfterS, remembered }: OrderedFailure): SandboxAnswer {
    const headers = retryAfterS === undefined ? undefined : { 'retry-after': String(retryAfterS) };
    if (status === 429) return stripeError(429, { type: 'invalid_request_error', code: 'rate_limit', message: 'Too many requests hit the API too quickly.' }, headers);
    const failure = stripeError(status, { type: 'api_error', message: 'An unknown error occurred' }, headers);
    return remembered ? this.remember(call, failure) : failure;
  }

  reset(): void {
    this.keys.clear();
    this.invoices.clear();
  }

  private carryOut(call: SandboxCall, route: Route): SandboxAnswer {
    if (route.invoice !== undefined) return this.finalizeInvoice(call, route.invoice);
    const form = new URLSearchParams(call.body.toString('utf8'));
    return route.action === 'create-customer' ? this.createCustomer(call, form) : this.createInvoice(call, form);
  }

  private replay(call: SandboxCall, first: Remembered): SandboxAnswer {
    if (first.fingerprint !== fingerprintOf(call)) {
      return stripeError(400, { type: 'idempotency_error', message: 'Keys for idempotent requests can only be used with the same parameters they were first used with.' });
    }
    this.needs.effects.deduplicated();
    const headers: Record<string, string> = { 'content-type': 'application/json', 'idempotent-replayed': 'true' };
    if (first.status >= 500) headers['stripe-should-retry'] = 'false';
    return { status: first.status, headers, body: first.body };
  }

  private remember(call: SandboxCall, answer: SandboxAnswer): SandboxAnswer {
    const key = keyOf(call);
    if (key !== undefined) this.keys.set(key, { fingerprint: fingerprintOf(call), status: answer.status, body: answer.body });
    return answer;
  }

  private createCustomer(call: SandboxCall, form: URLSearchParams): SandboxAnswer {
    this.needs.effects.happened('create-customer', call);
    const [email, name] = [form.get('email'), form.get('name')];
    return json(200, { id: this.newId('cus'), object: 'customer', created: this.created(), email, name, livemode: false, metadata: metadataOf(form) });
  }

  private createInvoice(call: SandboxCall, form: URLSearchParams): SandboxAnswer {
    const customer = form.get('customer') ?? '';
    if (customer === '' || customer.includes('missing')) return missing('customer', customer, 'customer', 400);
    this.needs.effects.happened('create-invoice', call);
    const id = this.newId('in');
    this.invoices.set(id, 'draft');
    return json(200, { id, object: 'invoice', created: this.created(), customer, status: 'draft', livemode: false, metadata: metadataOf(form) });
  }

  private finalizeInvoice(call: SandboxCall, id: string): SandboxAnswer {
    if (id.includes('missing')) return missing('invoice', id, 'invoice', 404);
    if (this.invoices.get(id) === 'open') return invalid(400, "This invoice is already finalized, you can't re-finalize a non-draft invoice.");
    this.needs.effects.happened('finalize-invoice', call);
    this.invoices.set(id, 'open');
    return json(200, { id, object: 'invoice', number: `SBX-${String((this.counter += 1)).padStart(6, '0')}`, status: 'open', livemode: false });
  }

  private newId(prefix: string): string {
    return `${prefix}_sandbox${(this.counter += 1).toString(36).padStart(8, '0')}`;
  }

  private created(): number {
    return Math.floor(this.needs.now() / 1000);
  }
}
