/**
 * How a partner signs, greets and names its webhooks: data, not code. `libs/partner-kit` carries it out,
 * partners declare it, and a `generic` integration may declare its own in `trunkline.yaml`.
 * Header names are lower-case.
 */
export type WebhookProfile = {
  signature: SignatureScheme;
  handshake?: Handshake;
  identity: IdentityRule;
  name: NameRule;
  /** Media types that are accepted; anything else is refused with 415. */
  contentTypes: string[];
  /** Request headers worth keeping with the event; never signatures or credentials. */
  keepHeaders: string[];
};

/** Where a request holds a value. `item` names one key of a header such as `t=1,v1=abc`. */
export type HeaderSource = { header: string; item?: string };

export type TimestampRule = { from: HeaderSource; unit: 's' | 'ms' | 'rfc3339'; toleranceS: number };

export type HmacScheme = {
  kind: 'hmac';
  algorithm: 'sha1' | 'sha256' | 'sha512';
  encoding: 'hex' | 'base64';
  signature: HeaderSource;
  /** How `signature.header` is split when it holds several items: `{ items: ',', keyValue: '=' }` for `t=1,v1=a,v1=b`. */
  separators?: { items: string; keyValue: string };
  /** What stands before the digest, for example `sha256=`. */
  prefix?: string;
  timestamp?: TimestampRule;
  /** Message id, when the signing string needs one. */
  id?: HeaderSource;
  /** What is signed: text with `{timestamp}`, `{id}`, `{body}`, `{url}`, `{method}`. */
  signed: string;
  /** How the secret becomes key bytes; `prefix` is cut off first, for example `whsec_`. */
  secret?: { encoding: 'utf8' | 'base64' | 'hex'; prefix?: string };
};

export type AsymmetricScheme = Omit<HmacScheme, 'kind' | 'algorithm' | 'secret'> & {
  kind: 'asymmetric';
  algorithm: 'ed25519' | 'ecdsa-p256' | 'rsa-sha256';
  /** How the configured public key is written: PEM, or the raw key bytes (ed25519 only) in hex or base64. */
  key: 'pem' | 'raw-hex' | 'raw-base64';
};

export type SharedSecretScheme =
  | { kind: 'shared-secret'; in: 'header'; header: string }
  | { kind: 'shared-secret'; in: 'bearer' }
  | { kind: 'shared-secret'; in: 'basic' }
  | { kind: 'shared-secret'; in: 'query'; parameter: string };

/** `none` is only ever stated, never assumed. */
export type SignatureScheme = HmacScheme | AsymmetricScheme | SharedSecretScheme | { kind: 'none' };

/** A partner's greeting: when `match.path` of the body equals `match.value`, answer the value at `respond.path`. */
export type Handshake = {
  match: { path: string; value: string };
  respond: { path: string; as: 'text' | 'json'; key?: string };
  /** Whether the greeting itself is signed. */
  signed: boolean;
};

/**
 * What makes two deliveries the same event: a header, a body path, several body paths together,
 * the whole body without metadata paths (`stable`), or the raw body.
 */
export type IdentityRule =
  | { by: 'header'; header: string }
  | { by: 'path'; path: string }
  | { by: 'fields'; paths: string[] }
  | { by: 'stable'; omit: string[] }
  | { by: 'body' };

/** The event's name: parts joined by dots, each a header, a body path or a fixed word; missing ones are left out. With `pick` only the first that is there counts. */
export type NameRule = { parts: ({ header: string } | { path: string } | { word: string })[]; pick?: 'first' };
