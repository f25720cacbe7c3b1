import { describe, expect, it } from 'vitest';
import { scrub } from './scrub.ts';

describe('scrub', () => {
  it('takes out credentials of the request that the partner repeats', () => {
    const request = { url: 'https://x.test/hooks/T000000000/aVeryLongSecretPathPart?key=query-secret', headers: { Authorization: 'Bearer top-secret-token', 'X-Api-Key': 'another-one' } };
    const said = 'no: top-secret-token, another-one, query-secret, aVeryLongSecretPathPart';
    expect(scrub(said, request)).toBe('no: ***, ***, ***, ***');
  });

  it.each(['sk_live_51Habc', 'xoxb-1-2-abc', 'whsec_abcd+/=', 'ghp_abcdefgh', 'patAbCdEfGhIjKlMn.0123abc', 'Bearer abc.def', 'hooks.slack.com/services/T0/B0/xyz'])('knows the shape of %s', (secret) => {
    expect(scrub(`got ${secret} here`, { url: '/' })).toBe('got *** here');
  });

  it('leaves ordinary words, and makes one line of them', () => {
    expect(scrub('No such\r\ncustomer:\u0000 cus_123', { url: '/v1/customers', headers: { 'Idempotency-Key': 'abcdefgh' } })).toBe('No such customer: cus_123');
  });
});
