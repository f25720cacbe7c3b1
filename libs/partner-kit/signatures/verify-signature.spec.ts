import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import type { HmacScheme, SignatureScheme } from '#contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { STANDARD_WEBHOOKS } from './standard-webhooks.ts';
import { verifySignature } from './verify-signature.ts';
import type { WebhookRequest } from './webhook-request.ts';

const NOW = Date.parse('2026-01-02T03:04:05Z');
const T = String(NOW / 1000);

const request = (headers: WebhookRequest['headers'], body: string | Buffer = '{"a":1}', more: Partial<WebhookRequest> = {}): WebhookRequest => ({
  method: 'POST', url: 'https://hub.example/webhooks/p/i?x=1', query: {}, headers, body: Buffer.from(body), ...more,
});
const hmac = (key: string | Buffer, signed: string | Buffer, algorithm = 'sha256', encoding: 'hex' | 'base64' = 'hex') =>
  createHmac(algorithm, key).update(signed).digest(encoding);
const outcome = (scheme: SignatureScheme, secrets: string[], given: WebhookRequest, now = NOW) => {
  const verdict = verifySignature(scheme, secrets, given, now);
  return verdict.ok ? 'ok' : verdict.outcome;
};

const stripe: HmacScheme = {
  kind: 'hmac', algorithm: 'sha256', encoding: 'hex', signature: { header: 'stripe-signature', item: 'v1' }, separators: { items: ',', keyValue: '=' },
  timestamp: { from: { header: 'stripe-signature', item: 't' }, unit: 's', toleranceS: 300 }, signed: '{timestamp}.{body}',
};
const github: HmacScheme = {
  kind: 'hmac', algorithm: 'sha256', encoding: 'hex', signature: { header: 'x-hub-signature-256' }, prefix: 'sha256=', signed: '{body}',
};

describe('an HMAC', () => {
  const signed = (t = T, key = 's1') => ({ 'stripe-signature': `t=${t},v1=${hmac(key, `${t}.{"a":1}`)}` });

  it('holds under any active secret', () => {
    expect(outcome(stripe, ['s1'], request(signed()))).toBe('ok');
    expect(outcome(stripe, ['new', 's1'], request(signed()))).toBe('ok');
    expect(outcome(stripe, ['s1', 'new'], request(signed()))).toBe('ok');
    expect(outcome(stripe, ['new'], request(signed()))).toBe('signature-refused');
  });

  it('holds when any of several signatures does', () => {
    const good = hmac('s1', `${T}.{"a":1}`);
    expect(outcome(stripe, ['s1'], request({ 'stripe-signature': `t=${T},v1=${'0'.repeat(64)}, v1=${good},v0=x` }))).toBe('ok');
    expect(outcome(stripe, ['s1'], request({ 'stripe-signature': `t=${T},v0=${good}` }))).toBe('signature-refused');
  });

  it('fails closed without a usable secret', () => {
    for (const secrets of [[], [''], ['  ']]) expect(outcome(stripe, secrets, request(signed()))).toBe('secret-missing');
    expect(outcome({ ...github, secret: { encoding: 'hex' } }, ['zz'], request({}))).toBe('secret-missing');
    const empty = { 'x-hub-signature-256': `sha256=${hmac('', '{"a":1}')}` };
    expect(outcome(github, [''], request(empty))).toBe('secret-missing');
  });

  it('allows 300 s both ways and no more', () => {
    for (const away of [-300, 0, 300]) expect(outcome(stripe, ['s1'], request(signed(String(Number(T) + away))))).toBe('ok');
    for (const away of [-301, 301]) expect(outcome(stripe, ['s1'], request(signed(String(Number(T) + away))))).toBe('stale-timestamp');
  });

  it('calls a stale request with a wrong signature forged, not stale', () => {
    expect(outcome(stripe, ['other'], request(signed('1000')))).toBe('signature-refused');
  });

  it('calls a signed timestamp that nobody can read malformed', () => {
    for (const t of ['soon', '-1', '1e9', '9'.repeat(20)]) expect(outcome(stripe, ['s1'], request(signed(t)))).toBe('malformed');
  });

  it('reads timestamps in milliseconds and RFC 3339', () => {
    const ms: HmacScheme = { ...github, timestamp: { from: { header: 'x-t' }, unit: 'ms', toleranceS: 300 }, signed: '{timestamp}{body}' };
    const at = (t: string) => ({ 'x-t': t, 'x-hub-signature-256': `sha256=${hmac('s', `${t}{"a":1}`)}` });
    expect(outcome(ms, ['s'], request(at(String(NOW + 299_999))))).toBe('ok');
    expect(outcome(ms, ['s'], request(at(String(NOW + 300_001))))).toBe('stale-timestamp');
    const rfc: HmacScheme = { ...ms, timestamp: { from: { header: 'x-t' }, unit: 'rfc3339', toleranceS: 300 } };
    expect(outcome(rfc, ['s'], request(at('2026-01-02T04:04:05.000+01:00')))).toBe('ok');
    expect(outcome(rfc, ['s'], request(at('2026-01-02T02:04:05Z')))).toBe('stale-timestamp');
    expect(outcome(rfc, ['s'], request(at('last week')))).toBe('malformed');
  });

  it('verifies Standard Webhooks with several signatures', () => {
    const key = Buffer.from('0123456789abcdef0123456789abcdef');
    const good = hmac(key, `msg_1.${T}.{"a":1}`, 'sha256', 'base64');
    const headers = { 'webhook-id': 'msg_1', 'webhook-timestamp': T, 'webhook-signature': `v1,${'A'.repeat(43)}= v1,${good}` };
    expect(outcome(STANDARD_WEBHOOKS, [`whsec_${key.toString('base64')}`], request(headers))).toBe('ok');
    expect(outcome(STANDARD_WEBHOOKS, [`whsec_${key.toString('base64')}`], request({ ...headers, 'webhook-id': 'msg_2' }))).toBe('signature-refused');
    expect(outcome(STANDARD_WEBHOOKS, [`whsec_${key.toString('base64')}`], request({ ...headers, 'webhook-id': undefined }))).toBe('signature-refused');
  });

  it.each(['sha1', 'sha256', 'sha512'] as const)('verifies %s in hex of either case and in base64', (algorithm) => {
    const scheme: HmacScheme = { ...github, algorithm, prefix: undefined };
    const header = (encoding: 'hex' | 'base64') => hmac('s', '{"a":1}', algorithm, encoding);
    expect(outcome(scheme, ['s'], request({ 'x-hub-signature-256': header('hex') }))).toBe('ok');
    expect(outcome(scheme, ['s'], request({ 'x-hub-signature-256': header('hex').toUpperCase() }))).toBe('ok');
    expect(outcome({ ...scheme, encoding: 'base64' }, ['s'], request({ 'x-hub-signature-256': header('base64') }))).toBe('ok');
  });

  it('signs url and method, and splits items that have no keys', () => {
    const scheme: HmacScheme = { ...github, prefix: 'v1=', separators: { items: ',', keyValue: '=' }, signed: '{method} {url}\n{body}' };
    const good = hmac('s', 'POST https://hub.example/webhooks/p/i?x=1\n{"a":1}');
    expect(outcome(scheme, ['s'], request({ 'x-hub-signature-256': `v1=${'0'.repeat(64)}, v1=${good}` }))).toBe('ok');
    expect(outcome(scheme, ['s'], request({ 'x-hub-signature-256': `v1=${good}` }, undefined, { method: 'PUT' }))).toBe('signature-refused');
  });

  it('signs bytes, not text', () => {
    const body = Buffer.from([0xff, 0xfe, 0x00, 0xc3, 0x28]);
    expect(outcome(github, ['s'], request({ 'x-hub-signature-256': `sha256=${hmac('s', body)}` }, body))).toBe('ok');
  });

  it.each([
    ['no signature header', {}],
    ['an empty signature', { 'x-hub-signature-256': '' }],
    ['only the prefix', { 'x-hub-signature-256': 'sha256=' }],
    ['another prefix', { 'x-hub-signature-256': `sha1=${hmac('s', '{"a":1}')}` }],
    ['a signature that is cut', { 'x-hub-signature-256': `sha256=${hmac('s', '{"a":1}').slice(0, 62)}` }],
    ['a signature with something after it', { 'x-hub-signature-256': `sha256=${hmac('s', '{"a":1}')}00` }],
    ['two headers', { 'x-hub-signature-256': [`sha256=${hmac('s', '{"a":1}')}`, 'sha256=00'] }],
    ['more signatures than anyone rotates', { 'x-hub-signature-256': Array.from({ length: 17 }, () => `sha256=${hmac('s', '{"a":1}')}`).join(',') }],
  ])('refuses %s', (name, headers) => {
    const scheme = name.startsWith('more') ? { ...github, separators: { items: ',', keyValue: '=' } } : github;
    expect(outcome(scheme, ['s'], request(headers))).toBe('signature-refused');
  });

  it('holds for any body and secret, and for no other body, secret or signature', () => {
    const bodies = fc.uint8Array({ maxLength: 300 });
    const secrets = fc.string({ minLength: 1 }).filter((secret) => secret.trim() !== '');
    fc.assert(
      fc.property(bodies, secrets, fc.constantFrom<'hex' | 'base64'>('hex', 'base64'), fc.nat(), fc.nat(), (bytes, secret, encoding, at, flip) => {
        const body = Buffer.from(bytes);
        const scheme: HmacScheme = { ...stripe, encoding };
        const signature = hmac(secret, Buffer.concat([Buffer.from(`${T}.`), body]), 'sha256', encoding);
        const header = (text: string) => ({ 'stripe-signature': `t=${T},v1=${text}` });
        expect(outcome(scheme, [secret], request(header(signature), body))).toBe('ok');
        expect(outcome(scheme, [`${secret}x`], request(header(signature), body))).toBe('signature-refused');
        expect(outcome(scheme, [secret], request(header(signature), Buffer.concat([body, Buffer.from([flip % 256])])))).toBe('signature-refused');
        const index = at % signature.length;
        const other = signature[index] === '0' ? '1' : '0';
        expect(outcome(scheme, [secret], request(header(signature.slice(0, index) + other + signature.slice(index + 1)), body))).toBe('signature-refused');
      }),
    );
  });

  it('survives any header text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        for (const scheme of [stripe, STANDARD_WEBHOOKS, github])
          expect(outcome(scheme, ['AAAA'], request({ 'stripe-signature': text, 'webhook-signature': text, 'webhook-id': text, 'webhook-timestamp': text, 'x-hub-signature-256': text }))).not.toBe('ok');
      }),
    );
  });
});

describe('an asymmetric signature', () => {
  const timestamp = { from: { header: 'x-t' }, unit: 's' as const, toleranceS: 300 };
  const base = { kind: 'asymmetric' as const, encoding: 'base64' as const, signature: { header: 'x-s' }, timestamp, signed: '{timestamp}{body}' };
  const signedBytes = Buffer.from(`${T}{"a":1}`);
  const headers = (signature: Buffer, encoding: 'hex' | 'base64' = 'base64') => ({ 'x-t': T, 'x-s': signature.toString(encoding) });

  it('verifies Ed25519 from a PEM or from raw key bytes', () => {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const signature = sign(null, signedBytes, privateKey);
    const raw = Buffer.from(publicKey.export({ format: 'jwk' }).x!, 'base64url');
    const scheme = { ...base, algorithm: 'ed25519' as const };
    const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    expect(outcome({ ...scheme, key: 'pem' }, [pem], request(headers(signature)))).toBe('ok');
    expect(outcome({ ...scheme, key: 'raw-base64' }, [raw.toString('base64')], request(headers(signature)))).toBe('ok');
    expect(outcome({ ...scheme, key: 'raw-hex', encoding: 'hex' }, [raw.toString('hex')], request(headers(signature, 'hex')))).toBe('ok');
    expect(outcome({ ...scheme, key: 'pem' }, [pem], request(headers(signature), '{"a":2}'))).toBe('signature-refused');
  });

  it('verifies ECDSA P-256 as DER and as a bare pair', () => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const scheme = { ...base, algorithm: 'ecdsa-p256' as const, key: 'pem' as const };
    const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    for (const dsaEncoding of ['der', 'ieee-p1363'] as const) {
      const signature = sign('sha256', signedBytes, { key: privateKey, dsaEncoding });
      expect(outcome(scheme, [pem], request(headers(signature)))).toBe('ok');
      expect(outcome(scheme, [pem], request({ ...headers(signature), 'x-t': '1' }))).toBe('signature-refused');
    }
  });

  it('verifies RSA with SHA-256, under any active key', () => {
    const pair = () => generateKeyPairSync('rsa', { modulusLength: 2048 });
    const [old, fresh] = [pair(), pair()];
    const pems = [old, fresh].map((keys) => keys.publicKey.export({ type: 'spki', format: 'pem' }).toString());
    const scheme = { ...base, algorithm: 'rsa-sha256' as const, key: 'pem' as const };
    expect(outcome(scheme, pems, request(headers(sign('sha256', signedBytes, fresh.privateKey))))).toBe('ok');
    expect(outcome(scheme, [pems[0]!], request(headers(sign('sha256', signedBytes, fresh.privateKey))))).toBe('signature-refused');
  });

  it('refuses a stale signature that holds', () => {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const scheme = { ...base, algorithm: 'ed25519' as const, key: 'pem' as const };
    const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    expect(outcome(scheme, [pem], request(headers(sign(null, signedBytes, privateKey))), NOW + 301_000)).toBe('stale-timestamp');
  });

  it('fails closed when the key cannot be read or is of another kind', () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const scheme = { ...base, algorithm: 'ed25519' as const, key: 'pem' as const };
    for (const secret of ['', 'not a key', rsa]) expect(outcome(scheme, [secret], request(headers(Buffer.alloc(64))))).toBe('secret-missing');
  });

  it('survives signatures of any shape', () => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const scheme = { ...base, algorithm: 'ecdsa-p256' as const, key: 'pem' as const };
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        expect(outcome(scheme, [pem], request(headers(Buffer.from(bytes))))).toBe('signature-refused');
      }),
    );
  });
});

describe('a shared secret', () => {
  const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` });

  it.each([
    ['header', { kind: 'shared-secret', in: 'header', header: 'x-token' }, { 'x-token': 'tok:en' }, {}],
    ['bearer', { kind: 'shared-secret', in: 'bearer' }, { authorization: 'bearer tok:en' }, {}],
    ['basic', { kind: 'shared-secret', in: 'basic' }, basic('tok:en'), {}],
    ['query', { kind: 'shared-secret', in: 'query', parameter: 'key' }, {}, { key: 'tok:en' }],
  ] as const)('is taken from the %s', (_, scheme, headers, query) => {
    expect(outcome(scheme, ['other', 'tok:en'], request(headers, '', { query }))).toBe('ok');
    expect(outcome(scheme, ['tok:e', 'tok:enn'], request(headers, '', { query }))).toBe('signature-refused');
    expect(outcome(scheme, ['tok:en'], request({}))).toBe('signature-refused');
    expect(outcome(scheme, ['', ' '], request(headers, '', { query }))).toBe('secret-missing');
  });

  it('may hold any characters that a header can carry', () => {
    const sent = Buffer.from('pässwörd').toString('latin1');
    expect(outcome({ kind: 'shared-secret', in: 'header', header: 'x-token' }, ['pässwörd'], request({ 'x-token': sent }))).toBe('ok');
  });

  it('is not taken from a parameter that came twice', () => {
    expect(outcome({ kind: 'shared-secret', in: 'query', parameter: 'key' }, ['a'], request({}, '', { query: { key: ['a', 'a'] } }))).toBe('signature-refused');
  });
});

describe('no signature', () => {
  it('is accepted only when the scheme says none', () => {
    expect(outcome({ kind: 'none' }, [], request({}))).toBe('ok');
    for (const scheme of [stripe, STANDARD_WEBHOOKS, github]) expect(outcome(scheme, ['c2VjcmV0'], request({}))).toBe('signature-refused');
  });
});
