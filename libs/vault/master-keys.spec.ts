import { describe, expect, it } from 'vitest';
import { drawMasterKey, masterKeyIdOf, openMasterKeys } from './master-keys.ts';

const [older, newer] = ['2026-01-01T00:00:00Z', '2026-02-01T00:00:00Z'].map((day) => drawMasterKey(new Date(day))) as [string, string];
const idOf = (key: string): string => key.split(':')[0]!;
const plain = Buffer.from('sk_live_4eC39HqLyjWDarjtT1zdp7dc');

describe('master keys', () => {
  it('give back what they sealed, and never seal the same twice', () => {
    const keys = openMasterKeys(newer);
    const [one, other] = [keys.seal(plain, 'secret:stripe'), keys.seal(plain, 'secret:stripe')];
    expect(keys.open(one, 'secret:stripe')).toEqual(plain);
    expect(one.equals(other)).toBe(false);
    expect(one.includes(plain)).toBe(false);
    expect(keys.open(keys.seal(Buffer.alloc(0), 'x'), 'x')).toHaveLength(0);
  });

  it('seal with the first and open with all', () => {
    const sealed = openMasterKeys(older).seal(plain, 'secret:stripe');
    const both = openMasterKeys(`${newer}, ${older}\n`);
    expect(both.activeId).toBe(idOf(newer));
    expect(both.open(sealed, 'secret:stripe')).toEqual(plain);
    expect(masterKeyIdOf(both.seal(plain, 'secret:stripe'))).toBe(idOf(newer));
  });

  it('open nothing for another context, with another key, or after a change', () => {
    const keys = openMasterKeys(newer);
    const sealed = keys.seal(plain, 'secret:stripe');
    expect(() => keys.open(sealed, 'secret:slack')).toThrow(expect.objectContaining({ code: 'sealed-unreadable' }));
    expect(() => openMasterKeys(older).open(sealed, 'secret:stripe')).toThrow(`sealed with the master key ${idOf(newer)}`);
    for (const at of sealed.keys()) {
      const changed = Buffer.from(sealed);
      changed[at]! ^= 1;
      expect(() => keys.open(changed, 'secret:stripe'), `byte ${at}`).toThrow(expect.objectContaining({ code: 'sealed-unreadable' }));
    }
    for (const cut of [0, 1, 2, 20, sealed.length - 1]) {
      expect(() => keys.open(sealed.subarray(0, cut), 'secret:stripe')).toThrow(expect.objectContaining({ code: 'sealed-unreadable' }));
    }
  });

  it.each([
    ['', 'has no key'],
    ['nonsense', 'at its key number 1'],
    [`${newer},a:AAAA`, 'at its key number 2'],
    [`${newer},${newer}`, 'twice'],
  ])('refuse %j', (text, words) => {
    expect(() => openMasterKeys(text)).toThrow(expect.objectContaining({ code: 'config-invalid', message: expect.stringContaining(words) }));
  });

  it('never say a key in a message', () => {
    expect(() => openMasterKeys(`${newer}x`)).toThrow(expect.not.objectContaining({ message: expect.stringContaining(newer.slice(20, 40)) }));
  });
});
