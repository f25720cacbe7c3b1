import { createCipheriv, createDecipheriv, createSecretKey, hkdfSync, randomFillSync, type KeyObject } from 'node:crypto';
import { HubError } from '#contract';

const [NONCE_BYTES, TAG_BYTES] = [12, 16];
const INFO = 'trunkline body v1';
const NO_SALT = Buffer.alloc(0);

/** As key objects: Node takes four times as long over a key that comes as bytes. */
const derive = (secret: Buffer): KeyObject => createSecretKey(Buffer.from(hkdfSync('sha256', createSecretKey(secret), NO_SALT, INFO, 32)));

/** Most events are about one person: what is made of a key is kept for as long as the key itself. */
const derived = new WeakMap<Buffer, KeyObject>();

/** One key of the keys of all subjects: with any of them gone it cannot be made again. */
const keyOf = (keys: readonly Buffer[]): KeyObject => {
  const [only] = keys;
  if (only === undefined || keys.length > 1) return derive(Buffer.concat(keys));
  const known = derived.get(only) ?? derive(only);
  derived.set(only, known);
  return known;
};

/** Random bytes come from the system in gulps, as in the contract's ids. */
const gulp = Buffer.alloc(NONCE_BYTES * 256);
let drawn = gulp.length;

const drawNonce = (): Buffer => {
  if (drawn === gulp.length) {
    randomFillSync(gulp);
    drawn = 0;
  }
  drawn += NONCE_BYTES;
  return Buffer.from(gulp.subarray(drawn - NONCE_BYTES, drawn));
};

/** Seals bytes for the holders of all these keys, in this order: nonce, cipher text (AES-256-GCM), tag. `about` must be given again to open them. */
export const sealBytes = (keys: readonly Buffer[], plain: Uint8Array, about: string): Buffer => {
  const nonce = drawNonce();
  const cipher = createCipheriv('aes-256-gcm', keyOf(keys), nonce).setAAD(Buffer.from(about));
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
};

/** Opens what `sealBytes` made. Throws `sealed-unreadable` when it was changed, moved to another place, or sealed with other keys. */
export const openBytes = (keys: readonly Buffer[], sealed: Uint8Array, about: string): Buffer => {
  if (sealed.length < NONCE_BYTES + TAG_BYTES) throw new HubError('sealed-unreadable', `The body of ${about} is too short to be a sealed one.`);
  const decipher = createDecipheriv('aes-256-gcm', keyOf(keys), sealed.subarray(0, NONCE_BYTES)).setAAD(Buffer.from(about));
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, sealed.length - TAG_BYTES)), decipher.final()]);
  } catch (cause) {
    throw new HubError('sealed-unreadable', `The body of ${about} was changed since it was sealed, or sealed with other keys.`, { cause });
  }
};
