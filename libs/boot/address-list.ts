import { BlockList, isIP } from 'node:net';

/** Addresses and ranges that something is decided by. */
export type AddressList = { has(address: string): boolean };

type Range = { address: string; family: 'ipv4' | 'ipv6'; prefix: number };

const RANGE = /^([0-9a-f.:]+)(?:\/(\d{1,3}))?$/i;

const readRange = (text: string): Range | undefined => {
  const [, address = '', prefix] = RANGE.exec(text) ?? [];
  const version = isIP(address);
  const longest = version === 4 ? 32 : 128;
  const bits = prefix === undefined ? longest : Number(prefix);
  return version === 0 || bits > longest ? undefined : { address, family: version === 4 ? 'ipv4' : 'ipv6', prefix: bits };
};

/** Whether a text is an IPv4 or IPv6 address or a range in CIDR notation: `192.0.2.7`, `10.0.0.0/8`, `2001:db8::/32`. */
export const isAddressRange = (text: string): boolean => readRange(text) !== undefined;

/** A list that has every address of these ranges; those of IPv4 also as `::ffff:192.0.2.7`. Throws when one is no range. */
export const addressList = (ranges: readonly string[]): AddressList => {
  const list = new BlockList();
  for (const text of ranges) {
    const range = readRange(text);
    if (range === undefined) throw new Error(`${text} is neither an address nor a range such as 10.0.0.0/8`);
    list.addSubnet(range.address, range.prefix, range.family);
  }
  return {
    has: (address) => {
      const plain = address.split('%', 1)[0]!;
      const version = isIP(plain);
      return version !== 0 && list.check(plain, version === 4 ? 'ipv4' : 'ipv6');
    },
  };
};
