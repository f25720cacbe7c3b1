import { describe, expect, it } from 'vitest';
import type { ApiAnswer, ApiRequest, Call, PartnerFailure } from '#partner-kit';
import { postToStripe } from './client.ts';

/** A client whose answers are already given; the usual classification is another test's. */
const answering = (answer: ApiAnswer, seen: ApiRequest[] = []): Call => ({
  idempotencyKey: 'c-1',
  correlationId: 'f-1',
  input: {},
  account: { integration: 'acme', credentials: { apiKey: 'sk_test_1' }, settings: { accountId: 'acct_1' } },
  http: {
    send: async (request) => {
      seen.push(request);
      const failure = request.judge?.(answer);
      if (failure !== undefined) throw failure;
      return answer;
    },
  },
});

const error = (status: number, code: string, headers: Record<string, string> = {}): ApiAnswer => ({ status, headers, body: { error: { code, type: 'api_error', message: 'words' } } });

describe('postToStripe', () => {
  it('keys the call, names the version and the connected account, and gives back the id', async () => {
    const seen: ApiRequest[] = [];
    expect(await postToStripe(answering({ status: 200, headers: {}, body: { id: 'cus_1' } }, seen), 'customers', { a: { b: 1 } })).toEqual({ status: 200, reference: 'cus_1' });
    expect(seen[0]).toMatchObject({ method: 'POST', url: 'https://api.stripe.com/v1/customers', headers: { Authorization: 'Bearer sk_test_1', 'Idempotency-Key': 'c-1', 'Stripe-Account': 'acct_1', 'Stripe-Version': expect.stringMatching(/^\d{4}-\d\d-\d\d\.\w+$/) } });
    expect(String(seen[0]!.body)).toBe('a%5Bb%5D=1');
  });

  it.each([
    [error(409, 'idempotency_key_in_use'), 'transient', undefined],
    [error(429, 'lock_timeout'), 'transient', undefined],
    [error(400, 'odd', { 'stripe-should-retry': 'true' }), 'transient', undefined],
    [error(500, 'odd', { 'stripe-should-retry': 'false' }), 'client', true],
    [error(500, 'odd', { 'idempotent-replayed': 'true' }), 'client', true],
  ] as const)('reads %j as %s', async (answer, failureClass, effectUnknown) => {
    const failure = await postToStripe(answering(answer), 'customers', {}).then(() => undefined, (thrown: PartnerFailure) => thrown);
    expect([failure?.failureClass, failure?.details.effectUnknown]).toEqual([failureClass, effectUnknown]);
  });

  it.each([error(500, 'odd'), error(429, 'rate_limit'), error(402, 'card_declined')])('leaves %j to the usual classification', async (answer) => {
    await expect(postToStripe(answering(answer), 'customers', {})).resolves.toMatchObject({ status: answer.status });
  });
});
