import { WEBHOOK_SECRET } from './load/make-webhooks.ts';

/** How many calls at once, ours and the BullMQ worker's alike. */
export const CALLS_AT_ONCE = 64;

/** One webhook in, one call out: what the benchmark's hub does. */
export const BENCH_MANIFEST = `
version: 1
integrations:
  - partner: stripe
    name: acme
    webhook: { secrets: [${WEBHOOK_SECRET}] }
    credentials: { apiKey: sk_test_bench }
  - partner: http
    name: warehouse
    settings: { baseUrl: '\${RECEIVER_URL}' }
    limits: { concurrency: ${CALLS_AT_ONCE}, timeoutMs: 5000 }
routes:
  - name: invoice-paid
    on: stripe.acme.inbound.invoice.paid
    to:
      - name: tell-warehouse
        do: http.warehouse.send
        with: |
          body.data.object.{ "url": "/calls/" & n, "json": { "customer": customer, "paid": amount_paid } }
`;
