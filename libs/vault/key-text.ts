import { createHash, randomBytes } from 'node:crypto';
import { base58 } from './base58.ts';

/** 64 bits to find a key by, 256 bits that nobody can guess, and 32 bits that tell a typo from a key that is unknown. */
const [ID_DIGITS, SECRET_DIGITS, CHECK_DIGITS] = [11, 44, 6];
const SHAPE = /^tl_([1-9A-HJ-NP-Za-km-z]{11})_([1-9A-HJ-NP-Za-km-z]{44})([1-9A-HJ-NP-Za-km-z]{6})$/;

/** An API key as its holder has it: `tl_<id>_<secret><check digits>`. */
export type KeyText = { id: string; text: string; secretHash: Buffer };

const checkDigits = (id: string, secret: string): string => base58(createHash('sha256').update(`tl_${id}_${secret}`).digest().subarray(0, 4), CHECK_DIGITS);

const hashOf = (secret: string): Buffer => createHash('sha256').update(secret).digest();

/** Draws a new key. Its text is nowhere else, and cannot be made again. */
export const drawKey = (draw: (bytes: number) => Uint8Array = randomBytes): KeyText => {
  const [id, secret] = [base58(draw(8), ID_DIGITS), base58(draw(32), SECRET_DIGITS)];
  return { id, text: `tl_${id}_${secret}${checkDigits(id, secret)}`, secretHash: hashOf(secret) };
};

/** Reads a key; undefined when it is none, or was not copied exactly. */
export const readKey = (text: string): KeyText | undefined => {
  const [, id, secret, check] = SHAPE.exec(text) ?? [];
  if (id === undefined || secret === undefined || check !== checkDigits(id, secret)) return undefined;
  return { id, text, secretHash: hashOf(secret) };
};
