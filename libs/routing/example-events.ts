import type { HubEvent, RouteSpec, TargetSpec } from '#contract';

/** An event for specs: `invoice.paid` of stripe.acme with a small JSON body, changed where `change` says so. */
export const exampleEvent = (change: Partial<HubEvent> = {}): HubEvent => ({
  id: '6a3c2b1e-0000-5000-8000-000000000001',
  type: 'inbound.invoice.paid',
  partner: 'stripe',
  integration: 'acme',
  tenant: 'default',
  correlationId: '01890000-0000-7000-8000-000000000001',
  occurredAt: '2026-01-02T03:04:05.000Z',
  recordedAt: '2026-01-02T03:04:05.100Z',
  schemaVersion: 1,
  contentType: 'application/json',
  data: Buffer.from(JSON.stringify({ amount: 1200, customer: { email: 'ada@example.com' } })),
  headers: {},
  at: { tx: 7n, position: 9n },
  ...change,
});

export const exampleTarget = (change: Partial<TargetSpec> = {}): TargetSpec => ({
  name: 'tell',
  do: 'slack.ops.post-message',
  lane: 'normal',
  deadlineMs: 60_000,
  ...change,
});

export const exampleRoute = (change: Partial<RouteSpec> = {}): RouteSpec => ({
  name: 'paid',
  on: 'stripe.acme.inbound.invoice.paid',
  to: [exampleTarget()],
  ...change,
});
