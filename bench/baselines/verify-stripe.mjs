// The same check as ingest's: Stripe's `t=…,v1=…` over the raw body, constant-time, with a tolerance of 300 s.
import { createHmac, timingSafeEqual } from 'node:crypto';

const TOLERANCE_S = 300;

export const verifyStripe = (header, body, secret) => {
  if (typeof header !== 'string') return false;
  const items = header.split(',').map((item) => item.split('='));
  const timestamp = items.find(([key]) => key === 't')?.[1];
  if (timestamp === undefined || Math.abs(Date.now() / 1000 - Number(timestamp)) > TOLERANCE_S) return false;
  const expected = createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest();
  return items.some(([key, value]) => {
    if (key !== 'v1') return false;
    const given = Buffer.from(value, 'hex');
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
};
