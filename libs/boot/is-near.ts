import { BlockList } from 'node:net';

const PRIVATE: [address: string, bits: number, family: 'ipv4' | 'ipv6'][] = [
  ['127.0.0.0', 8, 'ipv4'], ['10.0.0.0', 8, 'ipv4'], ['172.16.0.0', 12, 'ipv4'], ['192.168.0.0', 16, 'ipv4'], ['169.254.0.0', 16, 'ipv4'], ['100.64.0.0', 10, 'ipv4'],
  ['::1', 128, 'ipv6'], ['fc00::', 7, 'ipv6'], ['fe80::', 10, 'ipv6'],
];

const near = new BlockList();
for (const [address, bits, family] of PRIVATE) near.addSubnet(address, bits, family);

const PASSED_ON = ['x-forwarded-for', 'forwarded', 'via'];

type Request = { socket: { remoteAddress?: string }; headers: Record<string, unknown> };

/** Whether a request comes from this machine or a private network (RFC 1918, 4193, 6598, link-local), and no proxy passed it on. */
export const isNear = ({ socket, headers }: Request): boolean => {
  const address = socket.remoteAddress?.replace(/%.*$/, '');
  return address !== undefined && near.check(address, address.includes(':') ? 'ipv6' : 'ipv4') && !PASSED_ON.some((name) => headers[name] !== undefined);
};
