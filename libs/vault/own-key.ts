import { randomBytes } from 'node:crypto';
import { openMasterKeys, type MasterKeys } from './master-keys.ts';

/** Something sealed under a key that is its own, and that key sealed under a master key. */
export type SealedApart = { wrappedKey: Buffer; sealed: Buffer };

/** The same envelope as everywhere, under a key that seals this one thing. */
const under = (key: Uint8Array): MasterKeys => openMasterKeys(`own:${Buffer.from(key).toString('base64')}`);

/** Draws a key for this one thing, seals the thing under it, and it under the active master key. `context` says what it is, and is needed to open it. */
export const sealApart = (keys: MasterKeys, plain: Uint8Array, context: string): SealedApart => {
  const own = randomBytes(32);
  return { wrappedKey: keys.seal(own, context), sealed: under(own).seal(plain, context) };
};

/** Throws `sealed-unreadable`. */
export const openApart = (keys: MasterKeys, { wrappedKey, sealed }: SealedApart, context: string): Buffer => under(keys.open(wrappedKey, context)).open(sealed, context);
