import { InMemorySpanExporter, SimpleSpanProcessor, type ReadableSpan } from '@opentelemetry/sdk-trace';
import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { parseTraceparent, traceIdOf } from '#contract';
import { spanOf } from './format-traceparent.ts';
import { newFlow } from './new-flow.ts';
import { startTelemetry, type Telemetry } from './start-telemetry.ts';
import { currentTraceparent, isTracing, noteSpan, withSpan } from './with-span.ts';

const REMOTE = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const REMOTE_UNSAMPLED = '00-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-00';

describe('withSpan', () => {
  describe('while tracing is off', () => {
    it('gives the result of the work and makes no span', async () => {
      expect(isTracing()).toBe(false);
      expect(await withSpan('ingest.receive', {}, async () => 7)).toBe(7);
      expect(await withSpan('ingest.receive', {}, async () => currentTraceparent())).toBeUndefined();
    });

    it('passes the parent on as it is', async () => {
      expect(await withSpan('router.route', { parent: REMOTE }, async (span) => span.traceparent)).toBe(REMOTE);
    });

    it('makes up an unsampled traceparent of the same flow', async () => {
      const flow = newFlow();
      const carried = await withSpan('ingest.receive', { correlationId: flow.correlationId }, async (span) => span.traceparent);
      expect(parseTraceparent(carried)).toMatchObject({ traceId: traceIdOf(flow.correlationId), sampled: false });
    });

    it('throws what the work throws', async () => {
      await expect(withSpan('ingest.receive', {}, () => Promise.reject(new Error('log away')))).rejects.toThrow('log away');
    });
  });

  describe('while tracing is on', () => {
    const exporter = new InMemorySpanExporter();
    let telemetry: Telemetry;

    beforeAll(() => {
      telemetry = startTelemetry({ room: 'test', env: {}, spanProcessors: [new SimpleSpanProcessor({ exporter })] });
    });
    afterEach(() => exporter.reset());
    afterAll(() => telemetry.stop());

    const only = (): ReadableSpan => {
      const spans = exporter.getFinishedSpans();
      expect(spans).toHaveLength(1);
      return spans[0]!;
    };

    it('begins a trace whose id is the correlation id', async () => {
      const flow = newFlow();
      await withSpan('ingest.receive', { correlationId: flow.correlationId, kind: 'server' }, async () => undefined);
      expect(only().spanContext().traceId).toBe(traceIdOf(flow.correlationId));
      expect(only().parentSpanContext).toBeUndefined();
      expect(only().kind).toBe(SpanKind.SERVER);
    });

    it('begins a trace of the X-Correlation-ID too', async () => {
      const flow = newFlow({ correlationIdHeader: '018f2d3c-1111-7222-8333-444455556666' });
      await withSpan('ingest.receive', { correlationId: flow.correlationId }, async () => undefined);
      expect(only().spanContext().traceId).toBe('018f2d3c111172228333444455556666');
    });

    it('gives a trace without a flow the hex of a fresh UUIDv7', async () => {
      await withSpan('scheduler.fire', {}, async () => undefined);
      expect(only().spanContext().traceId).toMatch(/^[0-9a-f]{12}7[0-9a-f]{3}[89ab][0-9a-f]{15}$/);
    });

    it("continues the caller's trace", async () => {
      const flow = newFlow({ traceparent: REMOTE });
      await withSpan('ingest.receive', { parent: flow.traceparent, correlationId: flow.correlationId }, async () => undefined);
      expect(only().spanContext().traceId).toBe('4bf92f3577b34da6a3ce929d0e0e4736');
      expect(only().parentSpanContext).toMatchObject({ spanId: '00f067aa0ba902b7', isRemote: true });
    });

    it('makes a span inside another its child, without being told', async () => {
      await withSpan('connector.carry-out', { parent: REMOTE, outer: true }, () => withSpan('connector.call', { kind: 'client' }, async () => undefined));
      const [inner, outer] = exporter.getFinishedSpans();
      expect(inner!.parentSpanContext!.spanId).toBe(outer!.spanContext().spanId);
    });

    it('hands the work the traceparent that belongs in headers', async () => {
      const [carried, current] = await withSpan('router.route', { parent: REMOTE, outer: true }, async (span) => [span.traceparent, currentTraceparent()]);
      const { traceId, spanId } = only().spanContext();
      expect(carried).toBe(`00-${traceId}-${spanId}-01`);
      expect(current).toBe(carried);
    });

    it('makes nothing of a trace that the caller does not sample, and passes that on', async () => {
      const carried = await withSpan('ingest.receive', { parent: REMOTE_UNSAMPLED }, async (span) => span.traceparent);
      expect(exporter.getFinishedSpans()).toHaveLength(0);
      expect(parseTraceparent(carried)).toMatchObject({ traceId: '0af7651916cd43dd8448eb211c80319c', sampled: false });
    });

    it('records what the work throws, and throws it on', async () => {
      const boom = new Error('partner away');
      await expect(withSpan('connector.call', {}, () => Promise.reject(boom))).rejects.toBe(boom);
      expect(only().status).toEqual({ code: SpanStatusCode.ERROR, message: 'partner away' });
      expect(only().events[0]!.attributes!['exception.message']).toBe('partner away');
    });

    it('marks a failure that was not thrown, and keeps attributes', async () => {
      await withSpan('connector.carry-out', { attributes: { 'trunkline.attempt': 2 } }, async (span) => {
        span.set({ 'trunkline.outcome': 'retrying' });
        span.fail('partner-error');
      });
      expect(only().status.message).toBe('partner-error');
      expect(only().attributes).toMatchObject({ 'trunkline.attempt': 2, 'trunkline.outcome': 'retrying' });
    });

    it('makes no span of what was left out, unless it failed', async () => {
      const leaving = (then: () => void) =>
        withSpan('keeper.retire', {}, async (span) => {
          span.leaveOut();
          then();
        });
      await leaving(() => undefined);
      expect(exporter.getFinishedSpans()).toHaveLength(0);
      await expect(
        leaving(() => {
          throw new Error('log away');
        }),
      ).rejects.toThrow('log away');
      expect(only().status.message).toBe('log away');
    });

    it('can be found by the correlation id as people paste it', async () => {
      const { correlationId } = newFlow();
      await withSpan('ingest.receive', { correlationId }, async () => undefined);
      expect(only().attributes).toEqual({ 'trunkline.correlation.id': correlationId });
    });

    it('points at the spans that it repeats and that asked for it, and has the id that others point at', async () => {
      const { correlationId } = newFlow();
      const before = spanOf(correlationId, '00f067aa0ba902b7');
      const links = [{ to: before, as: 'repeats' as const }, { to: 'nonsense', as: 'repeats' as const }, { to: REMOTE, as: 'asked-for-by' as const }];
      await withSpan('console.redrive', { correlationId, spanId: 'b7ad6b7169203331', links }, async () => undefined);
      expect(only().spanContext().spanId).toBe('b7ad6b7169203331');
      expect(only().links.map(({ context, attributes }) => [context.traceId, context.spanId, attributes])).toEqual([
        [traceIdOf(correlationId), '00f067aa0ba902b7', { 'trunkline.link': 'repeats' }],
        ['4bf92f3577b34da6a3ce929d0e0e4736', '00f067aa0ba902b7', { 'trunkline.link': 'asked-for-by' }],
      ]);
    });

    it('tells no secret and nothing personal in what went wrong', async () => {
      await withSpan('connector.call', {}, async (span) => span.fail('no account of ada@example.com'));
      await expect(withSpan('connector.call', {}, () => Promise.reject(new Error('Bearer abcdefgh12345678ijkl was refused, ada@example.com')))).rejects.toThrow('ada@example.com');
      await expect(withSpan('connector.call', {}, () => Promise.reject(new Error('token=abcdefghijklmnop')))).rejects.toThrow('token=');
      const told = JSON.stringify(exporter.getFinishedSpans().map(({ status, events }) => ({ status, events })));
      expect(told).toContain('no account of [email]');
      expect(told).not.toMatch(/ada@|abcdefgh/);
    });

    it('keeps a failure of a trace that the caller does not sample, and says so to what comes after it', async () => {
      const parent = REMOTE_UNSAMPLED.replace('0af7', '0bf7');
      const carried = await withSpan('connector.call', { parent }, async (span) => {
        const before = span.traceparent;
        span.fail('partner-error');
        return [before, span.traceparent].map((value) => parseTraceparent(value)!.sampled);
      });
      expect(carried).toEqual([false, true]);
      expect(only().parentSpanContext!.spanId).toBe('00f067aa0ba902b7');
      const later = await withSpan('relay.publish', { parent }, async (span) => span.traceparent);
      expect(parseTraceparent(later)!.sampled).toBe(true);
      expect(exporter.getFinishedSpans()).toHaveLength(2);
    });

    it('keeps flows that run at once apart', async () => {
      const flows = Array.from({ length: 50 }, () => newFlow());
      const carried = await Promise.all(
        flows.map((flow) =>
          withSpan('ingest.receive', { correlationId: flow.correlationId, outer: true }, async () => {
            await Promise.resolve();
            return withSpan('ingest.append', {}, async (span) => span.traceparent);
          }),
        ),
      );
      expect(carried.map((value) => parseTraceparent(value)!.traceId)).toEqual(flows.map((flow) => traceIdOf(flow.correlationId)));
    });

    it('notes a span without a parent in the flow of its correlation id', () => {
      const flow = newFlow();
      noteSpan('relay.publish', { correlationId: flow.correlationId, startedAtMs: Date.now() });
      expect(only().spanContext().traceId).toBe(traceIdOf(flow.correlationId));
    });

    it('notes a span of a batch in the flow that it belongs to, with its length', () => {
      const startedAtMs = Date.now() - 40;
      noteSpan('relay.publish', { parent: REMOTE, startedAtMs });
      expect(only().spanContext().traceId).toBe('4bf92f3577b34da6a3ce929d0e0e4736');
      expect(only().duration[1] / 1e6).toBeGreaterThanOrEqual(39);
    });
  });
});
