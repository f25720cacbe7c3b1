import { inboundEventId, newCorrelationId, type NewEvent } from '#contract';

/** Events as ingest makes them of the benchmark's webhooks, 1 kB each. */
export const makeEvents = (series: string, count: number): NewEvent[] =>
  Array.from({ length: count }, (_, n): NewEvent => {
    const body = { id: `evt_${series}_${n}`, type: 'invoice.paid', data: { object: { n, customer: `cus_${n}`, amount_paid: 4200, description: 'x'.repeat(860) } } };
    return {
      id: inboundEventId('stripe', 'acme', body.id),
      type: 'inbound.invoice.paid',
      partner: 'stripe',
      integration: 'acme',
      tenant: 'default',
      correlationId: newCorrelationId(),
      occurredAt: new Date().toISOString(),
      schemaVersion: 1,
      contentType: 'application/json',
      data: Buffer.from(JSON.stringify(body)),
      headers: {},
    };
  });
