import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { HubError } from '#contract';

const [NONCE_BYTES, TAG_BYTES] = [12, 16];
const INFO = 'trunkline body v1';
const NO_SALT = Buffer.alloc(0);

/** One key of the keys of all subjects: with any of them gone it cannot be made again. */
const deriveKey = (keys: readonly Buffer[]): Buffer => Buffer.from(hkdfSync('sha256', Buffer.concat(keys), NO_SALT, INFO, 32));

/** Seals bytes for the holders of all these keys, in this order: nonce, cipher text (AES-256-GCM), tag. `about` must be given again to open them. */
export const sealBytes = (keys: readonly Buffer[], plain: Uint8Array, about: string): Buffer => {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', deriveKey(keys), nonce).setAAD(Buffer.from(about));
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
};

/** Opens what `sealBytes` made. Throws `sealed-unreadable` when it was changed, moved to another place, or sealed with other keys. */
export const openBytes = (keys: readonly Buffer[], sealed: Uint8Array, about: string): Buffer => {
  if (sealed.length < NONCE_BYTES + TAG_BYTES) throw new HubError('sealed-unreadable', `The body of ${about} is too short to be a sealed one.`);
  const decipher = createDecipheriv('aes-256-gcm', deriveKey(keys), sealed.subarray(0, NONCE_BYTES)).setAAD(Buffer.from(about));
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, sealed.length - TAG_BYTES)), decipher.final()]);
  } catch (cause) {
    throw new HubError('sealed-unreadable', `The body of ${about} was changed since it was sealed, or sealed with other keys.`, { cause });
  }
};
