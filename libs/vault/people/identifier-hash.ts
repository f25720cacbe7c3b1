import { createHmac, type KeyObject } from 'node:crypto';
import { WIDE_KINDS, type Identifier } from '#contract';

/** Where an identifier was found: whose it is, and, for kinds that count within one account, which account gave it. */
export type Place = { tenant: string; partner: string; integration: string };

/** An identifier that is the same however it is written. */
export type HashedIdentifier = { hash: Buffer; kind: string };

/** `Ada <ada@example.com>` names the address alone. */
const addressIn = (text: string): string => /<([^<>]+)>\s*$/.exec(text)?.[1] ?? text;

/** A country code may be written `+49` or `0049`; anything else but digits is decoration. */
const digitsOf = (text: string): string => text.replaceAll(/\D/g, '').replace(/^00/, '');

/** A value as it is compared: e-mail addresses in lower case, phone numbers by their digits, anything else as it is. Empty when there is nothing to go by. */
export const normalized = ({ kind, value }: Identifier): string => {
  const text = value.normalize('NFC').trim();
  if (kind === 'email') return addressIn(text).trim().toLowerCase();
  return kind === 'phone' ? digitsOf(text) : text;
};

/** A name for an identifier that tells nothing without the pepper: HMAC-SHA256 over tenant, account where it counts, kind and value. Undefined for a value that is none. */
export const hashIdentifier = (pepper: KeyObject, identifier: Identifier, { tenant, partner, integration }: Place): HashedIdentifier | undefined => {
  const value = normalized(identifier);
  if (value === '') return undefined;
  const account = WIDE_KINDS.includes(identifier.kind) ? '' : `${partner}.${integration}`;
  const hash = createHmac('sha256', pepper).update(JSON.stringify([tenant, account, identifier.kind, value])).digest();
  return { hash, kind: identifier.kind };
};
