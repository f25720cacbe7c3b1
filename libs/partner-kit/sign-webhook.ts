import { createHmac, createPrivateKey, sign } from 'node:crypto';
import type { AsymmetricScheme, HeaderSource, HmacScheme, SharedSecretScheme, SignatureScheme, TimestampRule } from '#contract';

/** What is to be signed: the request as the receiver will see it. `id` is needed by schemes that sign a message id. */
export type Unsigned = { method: string; url: string; body: Buffer | string; id?: string };

/**
 * The headers, by lower-case name, that make a request pass `verifySignature` under the same scheme. `secret` is the signing secret;
 * for asymmetric schemes the private key in PEM; for `basic` the text `user:password`. A secret `in: 'query'` belongs in the URL: no headers.
 */
export const signWebhook = (scheme: SignatureScheme, secret: string, request: Unsigned, nowMs: number): Record<string, string> => {
  switch (scheme.kind) {
    case 'hmac':
    case 'asymmetric':
      return signedHeaders(scheme, secret, request, nowMs);
    case 'shared-secret':
      return sharedSecretHeaders(scheme, secret);
    case 'none':
      return {};
  }
};

const sharedSecretHeaders = (scheme: SharedSecretScheme, secret: string): Record<string, string> => {
  switch (scheme.in) {
    case 'header':
      return { [scheme.header]: secret };
    case 'bearer':
      return { authorization: `Bearer ${secret}` };
    case 'basic':
      return { authorization: `Basic ${Buffer.from(secret).toString('base64')}` };
    case 'query':
      return {};
  }
};

type Fields = { timestamp: string; id: string };

const signedHeaders = (scheme: HmacScheme | AsymmetricScheme, secret: string, request: Unsigned, nowMs: number): Record<string, string> => {
  const fields: Fields = { timestamp: scheme.timestamp ? timestampText(scheme.timestamp.unit, nowMs) : '', id: request.id ?? '' };
  const bytes = signingString(scheme.signed, request, fields);
  const signature = (scheme.prefix ?? '') + (scheme.kind === 'hmac' ? hmacOf(scheme, secret, bytes) : signatureOf(scheme, secret, bytes));
  const headers: Record<string, string> = {};
  if (scheme.id) put(headers, scheme, scheme.id, fields.id);
  if (scheme.timestamp) put(headers, scheme, scheme.timestamp.from, fields.timestamp);
  put(headers, scheme, scheme.signature, signature);
  return headers;
};

const timestampText = (unit: TimestampRule['unit'], nowMs: number): string => {
  if (unit === 'rfc3339') return new Date(nowMs).toISOString();
  return String(unit === 's' ? Math.floor(nowMs / 1000) : nowMs);
};

const signingString = (template: string, request: Unsigned, fields: Fields): Buffer =>
  Buffer.concat(
    template.split(/\{(timestamp|id|body|url|method)\}/).map((part, index) => {
      if (index % 2 === 0) return Buffer.from(part);
      if (part === 'timestamp' || part === 'id') return Buffer.from(fields[part]);
      return Buffer.from(request[part as 'body' | 'url' | 'method'] as string);
    }),
  );

const hmacOf = (scheme: HmacScheme, secret: string, bytes: Buffer): string => {
  const { encoding = 'utf8', prefix = '' } = scheme.secret ?? {};
  const key = Buffer.from(secret.startsWith(prefix) ? secret.slice(prefix.length) : secret, encoding);
  return createHmac(scheme.algorithm, key).update(bytes).digest(scheme.encoding);
};

const signatureOf = (scheme: AsymmetricScheme, privateKey: string, bytes: Buffer): string =>
  sign(scheme.algorithm === 'ed25519' ? null : 'sha256', bytes, createPrivateKey(privateKey)).toString(scheme.encoding);

/** Writes a value where the scheme reads it; items that share a header stand side by side. */
const put = (headers: Record<string, string>, scheme: HmacScheme | AsymmetricScheme, source: HeaderSource, value: string): void => {
  const { items, keyValue } = scheme.separators ?? { items: ',', keyValue: '=' };
  const text = source.item === undefined ? value : `${source.item}${keyValue}${value}`;
  const before = headers[source.header];
  headers[source.header] = before === undefined ? text : `${before}${items}${text}`;
};
