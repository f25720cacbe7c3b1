import { describe, expect, it } from 'vitest';
import { maskText } from './mask-text.ts';

describe('maskText', () => {
  it.each([
    ['Stripe’s keys', 'got sk_live_51HabcDEF and rk_test_9', 'got [secret] and [secret]'],
    ['signing secrets', 'whsec_abcd+/=', '[secret]'],
    ['Slack’s tokens', 'xoxb-1-2-abc, xapp-1-A-2', '[secret], [secret]'],
    ['Slack’s webhook URLs', 'POST https://hooks.slack.com/services/T0/B0/xyz failed', 'POST https://[secret] failed'],
    ['GitHub’s tokens', 'ghp_abcdefgh github_pat_11AAA_bbb', '[secret] [secret]'],
    ['Airtable’s tokens', 'patAbCdEfGhIjKlMn.0123abc', '[secret]'],
    ['cloud keys', 'AKIAIOSFODNN7EXAMPLE', '[secret]'],
    ['JSON web tokens', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc-_1', '[secret]'],
    ['our own keys', 'key tl_3fK9aaaaaaa_bbbbbbbbbbbbbbbbbbbbbbbb.', 'key [secret].'],
    ['bearer tokens', 'Authorization: Bearer abc.def-123', 'Authorization: Bearer [secret]'],
    ['basic credentials', 'basic dXNlcjpwYXNz', 'basic [secret]'],
    ['private keys', 'a -----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY----- b', 'a [secret] b'],
    ['user info of URLs', 'postgres://app:hush@db:5432/x', 'postgres://[secret]@db:5432/x'],
    ['queries of URLs', 'GET https://api.test/a/b?key=1&b=2 failed', 'GET https://api.test/a/b?[query] failed'],
    ['queries of paths', 'GET /webhooks/a/b?secret=hush', 'GET /webhooks/a/b?[query]'],
    ['values behind names', 'client_secret=hush&grant=x api-key: 0123abcd9 password="a b"', 'client_secret=[secret]&grant=x api-key: [secret] password=[secret]'],
    ['members of JSON', 'near {"access_token": "hu\\"sh", "a": 1}', 'near {"access_token": "[secret]", "a": 1}'],
    ['e-mail addresses', 'no such customer: ada.lovelace+x@mail.example.co.uk!', 'no such customer: [email]!'],
    ['e-mail addresses with accents', 'jürgen@bücher.example', '[email]'],
    ['e-mail addresses in URLs', 'to=ada%40example.com', 'to=[email]'],
    ['card numbers', 'card 4111 1111 1111 1111, 5555555555554444. 3782-822463-10005', 'card [card], [card]. [card]'],
    ['phone numbers', 'call +49 (30) 901820 now', 'call [phone] now'],
  ])('masks %s', (_, text, masked) => {
    expect(maskText(text)).toBe(masked);
  });

  it.each([
    '4bf92f35-77b3-4da6-a3ce-929d0e0e4736', '41111111-1111-4111-8111-111111111111', '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
    '2026-11-23T02:02:15.110789Z', '1795399335254', '1795399335.254000', '4111111111111112', 'evt.stripe.acme.inbound.invoice.paid',
    'POST api.stripe.com answered 422: card_declined: Your card was declined', 'signature-refused: The signature matches no active secret.',
    'Basic authentication is not enough, Bearer authentication is', 'at run (file:///app/node_modules/@nestjs/core/router.js:12:34)',
    'pino@10.4.0', 'key tl_3fK9aaaaaaa was revoked', 'postgres@localhost', 'these variables are not set: SLACK_BOT_TOKEN, STRIPE_API_KEY', 'STRIPE_API_KEY_FILE names /run/secrets/stripe, which is empty',
    'connect ECONNREFUSED 10.0.0.7:5432', 'nats://127.0.0.1:4222', 'at 12:30:15+01:00', 'a span of 1e+21',
  ])('leaves %s', (text) => {
    expect(maskText(text)).toBe(text);
  });

  it('cuts what nobody would read', () => {
    expect(maskText('x'.repeat(10_000))).toHaveLength(8_193);
  });

  it('takes no longer for a text that is made to be slow', () => {
    for (const part of ['a', 'a.', 'a@', '1', 'token', '?a=', '"secret":"\\']) {
      const startedAt = performance.now();
      maskText(`@${part.repeat(8_000)}`);
      expect(performance.now() - startedAt, part).toBeLessThan(250);
    }
  });
});
