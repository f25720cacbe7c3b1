import { signWebhook } from '#partner-kit';
import { partnerNamed } from '#partners';

export const WEBHOOK_SECRET = 'whsec_bench';
export const WEBHOOK_PATH = '/webhooks/stripe/acme';

const scheme = partnerNamed('stripe')!.webhooks!.signature;

export type WebhookOrder = {
  /** Makes event ids unique among all that were ever made. */
  series: string;
  /** The first one's number; it stands in the body, and comes back to the receiver. */
  first: number;
  count: number;
  bodyBytes: number;
};

/** A shop’s customers come back: each is a person under whose key the webhook is sealed, and a new one costs a row more. */
const CUSTOMERS = 2_000;

const bodyOf = (series: string, n: number, bytes: number): string => {
  const object = { object: 'invoice', n, id: `in_${series}_${n}`, customer: `cus_${n % CUSTOMERS}`, amount_paid: 4200, currency: 'eur', status: 'paid', description: '' };
  const event = { id: `evt_${series}_${n}`, object: 'event', type: 'invoice.paid', livemode: false, data: { object } };
  object.description = 'x'.repeat(Math.max(0, bytes - JSON.stringify(event).length));
  return JSON.stringify(event);
};

/** Whole HTTP/1.1 requests, signed now: good for 300 s. Made before the clock runs, so that sending costs next to nothing. */
export const makeWebhooks = ({ series, first, count, bodyBytes }: WebhookOrder): Buffer[] =>
  Array.from({ length: count }, (_, i) => {
    const body = bodyOf(series, first + i, bodyBytes);
    const headers = signWebhook(scheme, WEBHOOK_SECRET, { method: 'POST', url: WEBHOOK_PATH, body }, Date.now());
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`).join('');
    return Buffer.from(`POST ${WEBHOOK_PATH} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n${lines}\r\n${body}`);
  });
