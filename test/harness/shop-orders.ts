import { createHmac } from 'node:crypto';
import type { Hub } from './hub.ts';

/** What the shop of `SHOP_MANIFEST` signs with, by default; the hub gets it as `SHOP_SECRET`. */
export const SHOP_SECRET = 'shop-secret';

/** A shop's orders, booked at a warehouse that the sandbox plays. */
export const SHOP_MANIFEST = `
version: 1
integrations:
  - partner: generic
    name: shop
    webhook:
      secrets: ['\${SHOP_SECRET}']
      signature: { kind: hmac, algorithm: sha256, encoding: hex, signature: { header: x-signature }, signed: '{body}' }
  - partner: http
    name: warehouse
    settings: { baseUrl: '\${SANDBOX_URL}/http' }
routes:
  - name: orders
    on: generic.shop.inbound.order.>
    to: [{ name: book, do: http.warehouse.send, with: '{ "url": "/orders", "json": body }' }]
`;

/** How the shop's webhooks differ from the usual: signed with another secret, or with more headers. */
type Told = { secret?: string; headers?: Record<string, string> };

/** Sends a signed webhook of the shop's. */
export const tellShop = async (hub: Hub, told: object, { secret = SHOP_SECRET, headers = {} }: Told = {}): Promise<{ status: number; correlationId: string }> => {
  const body = JSON.stringify(told);
  const signature = createHmac('sha256', secret).update(body).digest('hex');
  const answer = await fetch(`${hub.ingestUrl}/webhooks/generic/shop`, { method: 'POST', headers: { 'content-type': 'application/json', 'x-signature': signature, ...headers }, body });
  return { status: answer.status, correlationId: ((await answer.json()) as { correlationId: string }).correlationId };
};

/** The same of an order, which is routed to the warehouse. */
export const sendOrder = (hub: Hub, order: number, how: Told = {}): ReturnType<typeof tellShop> => tellShop(hub, { type: 'order.paid', order }, how);

/** Has the warehouse fail like this from now on; undefined: no more. */
export const orderFaults = async (hub: Hub, faults: object | undefined): Promise<void> => {
  const init = faults === undefined ? { method: 'DELETE' } : { method: 'PUT', body: JSON.stringify({ partner: 'http', ...faults }) };
  const answer = await fetch(`${hub.sandboxUrl}/_sandbox/faults`, init);
  if (!answer.ok) throw new Error(`The sandbox answered ${answer.status} to an order of faults.`);
};
