import { describe, expect, it } from 'vitest';
import { addressList, isAddressRange } from './address-list.ts';

describe('addressList', () => {
  const list = addressList(['192.0.2.7', '10.0.0.0/8', '2001:db8::/32', '::1']);

  it.each(['192.0.2.7', '10.255.0.1', '::ffff:10.1.2.3', '::ffff:192.0.2.7', '2001:db8:1::9', '::1', '2001:db8::1%eth0'])('has %s', (address) => {
    expect(list.has(address)).toBe(true);
  });

  it.each(['192.0.2.8', '11.0.0.1', '::ffff:11.0.0.1', '2001:db9::1', '127.0.0.1', '', 'unknown', '10.0.0.1, 10.0.0.2'])('has not %j', (address) => {
    expect(list.has(address)).toBe(false);
  });

  it('has every address of its family with a prefix of 0', () => {
    expect([addressList(['0.0.0.0/0']).has('203.0.113.9'), addressList(['0.0.0.0/0']).has('2001:db8::1')]).toEqual([true, false]);
  });
});

describe('isAddressRange', () => {
  it.each(['10.0.0.0/33', '10.0.0', '2001:db8::/129', '10.0.0.0/-1', 'localhost', '10.0.0.0/8 ', '', '1.2.3.4/'])('is false of %j', (text) => {
    expect(isAddressRange(text)).toBe(false);
    expect(() => addressList([text])).toThrow('neither an address nor a range');
  });
});
