import type { AsymmetricScheme, HmacScheme } from '#contract';
import { headerItems } from './header-items.ts';
import { refused, type SignatureVerdict } from './verdict.ts';
import type { SignedFields } from './signing-template.ts';
import type { WebhookRequest } from './webhook-request.ts';

/** More signatures than this in one request is no rotation; it would only buy an attacker our time. */
const MAX_SIGNATURES = 16;

export type SignedParts = { ok: true; signatures: string[]; fields: SignedFields };

/** Reads what a signing scheme needs from the headers: the signatures (prefix cut off), the timestamp and the id. */
export const readSignedParts = (
  scheme: HmacScheme | AsymmetricScheme,
  request: WebhookRequest,
): SignedParts | (SignatureVerdict & { ok: false }) => {
  const signatures = signaturesOf(scheme, request);
  if (signatures.length === 0) return refused('signature-refused', `The request has no signature in ${named(scheme.signature)}.`);
  if (signatures.length > MAX_SIGNATURES) return refused('signature-refused', `The request has more than ${MAX_SIGNATURES} signatures.`);
  const timestamp = scheme.timestamp && headerItems(request, scheme.timestamp.from, scheme.separators)[0];
  if (scheme.timestamp && !timestamp) return refused('signature-refused', `The request has no timestamp in ${named(scheme.timestamp.from)}.`);
  const id = scheme.id && headerItems(request, scheme.id, scheme.separators)[0];
  if (scheme.id && !id) return refused('signature-refused', `The request has no message id in ${named(scheme.id)}.`);
  return { ok: true, signatures, fields: { timestamp: timestamp ?? '', id: id ?? '' } };
};

const signaturesOf = (scheme: HmacScheme | AsymmetricScheme, request: WebhookRequest): string[] => {
  const { prefix } = scheme;
  const values = headerItems(request, scheme.signature, scheme.separators);
  if (prefix === undefined) return values.filter((value) => value !== '');
  return values.filter((value) => value.length > prefix.length && value.startsWith(prefix)).map((value) => value.slice(prefix.length));
};

const named = (source: { header: string; item?: string }): string =>
  source.item === undefined ? `header ${source.header}` : `item ${source.item} of header ${source.header}`;
