/** Without 0, O, I and l, which look alike; without signs, so that a double click takes a whole word. */
const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

/** Bytes as a number in base 58, filled up on the left to `length` digits, which must be enough for them. */
export const base58 = (bytes: Uint8Array, length: number): string => {
  let rest = BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
  let text = '';
  for (; rest > 0n; rest /= 58n) text = ALPHABET[Number(rest % 58n)]! + text;
  return text.padStart(length, ALPHABET[0]);
};
