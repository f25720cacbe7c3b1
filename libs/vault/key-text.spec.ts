import fc from 'fast-check';
import { expect, it } from 'vitest';
import { drawKey, readKey } from './key-text.ts';

it('draws a key that can be read, and never the same twice', () => {
  const [one, other] = [drawKey(), drawKey()];
  expect(one.text).toMatch(/^tl_[1-9A-HJ-NP-Za-km-z]{11}_[1-9A-HJ-NP-Za-km-z]{50}$/);
  expect(readKey(one.text)).toEqual(one);
  expect(other.id).not.toBe(one.id);
  expect(other.secretHash.equals(one.secretHash)).toBe(false);
});

it.each([[0], [255]])('keeps its shape when all that is drawn is %i', (byte) => {
  const key = drawKey((bytes) => new Uint8Array(bytes).fill(byte));
  expect(readKey(key.text)).toEqual(key);
});

it('notices any one character that was mistyped, left out or added', () => {
  const { text } = drawKey();
  fc.assert(fc.property(fc.nat(text.length - 1), fc.constantFrom(...'19AZaz_-é '), (at, character) => {
    const [before, after] = [text.slice(0, at), text.slice(at + 1)];
    if (text[at] !== character) expect(readKey(`${before}${character}${after}`)).toBeUndefined();
    expect(readKey(`${before}${after}`)).toBeUndefined();
    expect(readKey(`${before}${character}${text[at]}${after}`)).toBeUndefined();
  }), { numRuns: 500 });
});

it.each([[''], ['tl_'], ['Bearer x'], [`sk_${'1'.repeat(11)}_${'1'.repeat(50)}`]])('reads no key in %j', (text) => {
  expect(readKey(text)).toBeUndefined();
});
