import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { traceIdOf } from '#contract';
import { newFlow, startTelemetry, withSpan, isTracing } from '#telemetry';
import { startOtlpReceiver } from './otlp-receiver.ts';

describe('the OTLP export', () => {
  let receiver: Awaited<ReturnType<typeof startOtlpReceiver>>;
  const before = process.env['OTEL_EXPORTER_OTLP_ENDPOINT'];

  beforeEach(async () => {
    receiver = await startOtlpReceiver();
    process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] = receiver.url;
  });
  afterEach(async () => {
    await receiver.stop();
    if (before === undefined) delete process.env['OTEL_EXPORTER_OTLP_ENDPOINT'];
    else process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] = before;
  });

  it("sends a flow's spans under the room's name when it is stopped", async () => {
    const telemetry = startTelemetry({ room: 'ingest', env: process.env });
    const flow = newFlow();
    await withSpan('ingest.receive', { correlationId: flow.correlationId, kind: 'server', attributes: { 'trunkline.bytes': 812, ok: true, share: 0.5 } }, () =>
      withSpan('ingest.append', {}, async (span) => span.fail('away')),
    );
    await telemetry.stop();

    const [append, receive] = receiver.spans;
    expect(receive).toMatchObject({
      service: 'trunkline-ingest',
      traceId: traceIdOf(flow.correlationId),
      parentSpanId: '',
      name: 'ingest.receive',
      kind: 2,
      status: 0,
      attributes: { 'trunkline.bytes': 812, ok: true, share: 0.5 },
    });
    expect(append).toMatchObject({ name: 'ingest.append', parentSpanId: receive!.spanId, status: 2 });
    expect(isTracing()).toBe(false);
  });

  it('stops within its two seconds although the collector never answers, and can be started again', async () => {
    await receiver.stop();
    const telemetry = startTelemetry({ room: 'relay', env: process.env });
    await withSpan('relay.publish', {}, async () => undefined);
    const started = performance.now();
    await telemetry.stop();
    expect(performance.now() - started).toBeLessThan(4_000);
    receiver = await startOtlpReceiver();
    process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] = receiver.url;
    const again = startTelemetry({ room: 'relay', env: process.env });
    await withSpan('relay.publish', {}, async () => undefined);
    await again.stop();
    expect(receiver.spans.map((span) => span.name)).toEqual(['relay.publish']);
  });

  it('is off without an endpoint', async () => {
    const telemetry = startTelemetry({ room: 'relay', env: {} });
    expect(isTracing()).toBe(false);
    await telemetry.stop();
  });
});
