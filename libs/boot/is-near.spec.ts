import { expect, it } from 'vitest';
import { isNear } from './is-near.ts';

const from = (remoteAddress: string | undefined, headers: Record<string, string> = {}) => isNear({ socket: { remoteAddress }, headers });

it.each(['127.0.0.1', '10.1.2.3', '172.31.0.9', '192.168.7.7', '100.64.0.1', '::1', '::ffff:10.0.0.7', 'fd12::1', 'fe80::1', 'fe80::1%eth0'])('takes %s for near', (address) => {
  expect(from(address)).toBe(true);
});

it.each(['8.8.8.8', '172.32.0.1', '100.128.0.1', '::ffff:8.8.8.8', '2001:db8::1', undefined])('takes %s for far', (address) => {
  expect(from(address)).toBe(false);
});

it.each(['x-forwarded-for', 'forwarded', 'via'])('takes what a proxy passed on (%s) for far', (header) => {
  expect(from('10.1.2.3', { [header]: '10.9.9.9' })).toBe(false);
});
