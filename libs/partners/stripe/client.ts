import { baseUrl, credential, PartnerFailure, type ApiAnswer, type Call, type Performed } from '#partner-kit';
import { toForm } from './adapter.ts';

const API_VERSION = '2025-09-30.clover';

type StripeError = { error?: { type?: string; code?: string; message?: string } };

const wordsOf = (answer: ApiAnswer): string => {
  const { error } = (answer.body ?? {}) as StripeError;
  return `${error?.code ?? error?.type ?? 'no code'}`;
};

/**
 * Stripe says of some answers whether calling again can help. docs.stripe.com/error-low-level
 *
 * - 409: another call with this key is running; its answer comes when we ask again.
 * - `Stripe-Should-Retry: false` on a 5xx: the failure is remembered under the key, and every repeat gets it again.
 * - `Stripe-Should-Retry: true`, or a lock that timed out: calling again is safe and may well succeed.
 */
const judge = (answer: ApiAnswer): PartnerFailure | undefined => {
  const { status, headers } = answer;
  if (status < 400) return undefined;
  const advice = headers['stripe-should-retry'];
  const remembered = status >= 500 && (advice === 'false' || headers['idempotent-replayed'] === 'true');
  if (remembered) {
    return new PartnerFailure('client', 'partner-refused', `Stripe remembers a ${status} (${wordsOf(answer)}) under this key: see in its dashboard what took effect, then send a new command`, { status, effectUnknown: true });
  }
  if (status === 409 || wordsOf(answer) === 'lock_timeout' || (advice === 'true' && status < 500 && status !== 429)) {
    return new PartnerFailure('transient', 'partner-error', `Stripe answered ${status}: ${wordsOf(answer)}`, { status });
  }
  return undefined;
};

/** Makes one keyed POST to the v1 API and returns the object's id. Repeating it within Stripe's memory of the key has no second effect. */
export const postToStripe = async (call: Call, path: string, parameters: object): Promise<Performed> => {
  const { account } = call;
  const headers: Record<string, string> = {
    Authorization: `Bearer ${credential(account, 'apiKey')}`,
    'Idempotency-Key': call.idempotencyKey,
    'Stripe-Version': account.settings['apiVersion'] || API_VERSION,
  };
  if (account.settings['accountId']) headers['Stripe-Account'] = account.settings['accountId'];
  const url = `${baseUrl(account, 'https://api.stripe.com')}/v1/${path}`;
  const answer = await call.http.send({ method: 'POST', url, headers, body: toForm(parameters), expect: 'json', judge });
  return { status: answer.status, reference: (answer.body as { id?: string } | null)?.id };
};
