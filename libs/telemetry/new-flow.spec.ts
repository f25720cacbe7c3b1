import { describe, expect, it } from 'vitest';
import { newFlow } from './new-flow.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT = `00-${TRACE}-00f067aa0ba902b7-01`;
const CORRELATION = '4bf92f35-77b3-4da6-a3ce-929d0e0e4736';
const GIVEN = '018f2d3c-1111-7222-8333-444455556666';
const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe('newFlow', () => {
  it("takes the caller's trace id as the correlation id", () => {
    expect(newFlow({ traceparent: PARENT })).toEqual({ correlationId: CORRELATION, traceparent: PARENT });
  });

  it('prefers the traceparent to the X-Correlation-ID', () => {
    expect(newFlow({ traceparent: PARENT, correlationIdHeader: GIVEN }).correlationId).toBe(CORRELATION);
  });

  it('takes an X-Correlation-ID that is a UUID, in lower case', () => {
    expect(newFlow({ correlationIdHeader: GIVEN.toUpperCase() })).toEqual({ correlationId: GIVEN });
  });

  it.each([
    ['nothing', {}],
    ['a correlation id that is no UUID', { correlationIdHeader: 'order-17' }],
    ['a correlation id of zeros, which is no trace id', { correlationIdHeader: '00000000-0000-0000-0000-000000000000' }],
    ['a traceparent that is none', { traceparent: 'yes' }],
    ['a traceparent of zeros', { traceparent: `00-${'0'.repeat(32)}-00f067aa0ba902b7-01` }],
  ])('draws a fresh UUIDv7 when given %s', (_what, from) => {
    const flow = newFlow(from);
    expect(flow.correlationId).toMatch(UUID_V7);
    expect(flow.traceparent).toBeUndefined();
    expect(newFlow(from).correlationId).not.toBe(flow.correlationId);
  });

  it('carries on as version 00 what a later version of the header said', () => {
    expect(newFlow({ traceparent: `01-${TRACE}-00f067aa0ba902b7-03-more` }).traceparent).toBe(PARENT);
  });
});
