import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { SignatureScheme } from '#contract';
import { signWebhook } from './sign-webhook.ts';
import { STANDARD_WEBHOOKS } from './signatures/standard-webhooks.ts';
import { verifySignature } from './signatures/verify-signature.ts';

const NOW = Date.parse('2026-03-01T12:00:00Z');
const body = '{"id":"evt_1","naïve":true}';
const request = { method: 'POST', url: 'https://hub.test/webhooks/x/y?z=1', body, id: 'msg_1' };

const pem = (pair: { publicKey: { export(o: object): unknown }; privateKey: { export(o: object): unknown } }): { open: string; secret: string } => ({
  open: String(pair.publicKey.export({ type: 'spki', format: 'pem' })),
  secret: String(pair.privateKey.export({ type: 'pkcs8', format: 'pem' })),
});
const ed25519 = pem(generateKeyPairSync('ed25519'));
const p256 = pem(generateKeyPairSync('ec', { namedCurve: 'P-256' }));
const rsa = pem(generateKeyPairSync('rsa', { modulusLength: 2048 }));

const hmac = (over: object): SignatureScheme => ({ kind: 'hmac', algorithm: 'sha256', encoding: 'hex', signature: { header: 'x-sig' }, signed: '{body}', ...over }) as SignatureScheme;
const at = { from: { header: 'x-at' }, unit: 's', toleranceS: 300 };

const schemes: [string, SignatureScheme, string, string?][] = [
  ['hex with a prefix', hmac({ prefix: 'sha256=' }), 'top'],
  ['items of one header', hmac({ signature: { header: 'x-sig', item: 'v1' }, separators: { items: ',', keyValue: '=' }, timestamp: { ...at, from: { header: 'x-sig', item: 't' } }, signed: '{timestamp}.{body}' }), 'top'],
  ['method and url, sha512, base64, milliseconds', hmac({ algorithm: 'sha512', encoding: 'base64', timestamp: { ...at, unit: 'ms' }, signed: '{method}\n{url}\n{timestamp}\n{body}' }), 'top'],
  ['a base64 secret with a prefix, and an id', hmac({ encoding: 'base64', signature: { header: 'x-sig', item: 'v1' }, separators: { items: ' ', keyValue: ',' }, id: { header: 'x-id' }, timestamp: { ...at, unit: 'rfc3339' }, signed: '{id}.{timestamp}.{body}', secret: { encoding: 'base64', prefix: 'whsec_' } }), 'whsec_c2VjcmV0LWtleQ=='],
  ['ed25519', { ...hmac({}), kind: 'asymmetric', algorithm: 'ed25519', key: 'pem' } as SignatureScheme, ed25519.open, ed25519.secret],
  ['ecdsa-p256', { ...hmac({}), kind: 'asymmetric', algorithm: 'ecdsa-p256', key: 'pem', encoding: 'base64' } as SignatureScheme, p256.open, p256.secret],
  ['rsa-sha256', { ...hmac({}), kind: 'asymmetric', algorithm: 'rsa-sha256', key: 'pem', encoding: 'base64' } as SignatureScheme, rsa.open, rsa.secret],
  ['a secret header', { kind: 'shared-secret', in: 'header', header: 'x-token' }, 'top'],
  ['a bearer', { kind: 'shared-secret', in: 'bearer' }, 'top'],
  ['basic', { kind: 'shared-secret', in: 'basic' }, 'me:top'],
  ['nothing', { kind: 'none' }, ''],
];

describe('signWebhook', () => {
  it.each(schemes)('makes a request pass with %s', (_name, scheme, secret, signingSecret = secret) => {
    const headers = signWebhook(scheme, signingSecret, request, NOW);
    const received = { ...request, query: {}, headers, body: Buffer.from(body) };
    expect(verifySignature(scheme, [secret], received, NOW + 1_000)).toEqual({ ok: true });
  });

  it('signs what Standard Webhooks says, by a signature worked out without us', () => {
    const example = { method: 'POST', url: '', body: '{"test": 2432232314}', id: 'msg_p5jXN8AQM9LWM0D4loKWxJek' };
    expect(signWebhook(STANDARD_WEBHOOKS, 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', example, 1_614_265_330_000)).toEqual({
      'webhook-id': example.id, 'webhook-timestamp': '1614265330', 'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    });
  });

  it.each(schemes.filter(([, scheme]) => scheme.kind === 'hmac' || scheme.kind === 'asymmetric'))('does not sign for another body with %s', (_name, scheme, secret, signingSecret = secret) => {
    const headers = signWebhook(scheme, signingSecret, request, NOW);
    const received = { ...request, query: {}, headers, body: Buffer.from(`${body} `) };
    expect(verifySignature(scheme, [secret], received, NOW)).toMatchObject({ ok: false });
  });
});
