import { createServer, type AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { HubError, traceIdOf } from '#contract';
import { count, isTracing, METRICS, newFlow, observe, record, spanOf, startTelemetry, withSpan } from '#telemetry';
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
    await withSpan('ingest.receive', { correlationId: flow.correlationId, kind: 'server', outer: true, attributes: { 'trunkline.bytes': 812, ok: true, share: 0.5 } }, () =>
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

  it('sends what was thrown as an event of the span, under its code when it has one, and no value that is undefined', async () => {
    const telemetry = startTelemetry({ room: 'console', env: process.env });
    const failing = (error: Error) => withSpan('console.ask', { attributes: { known: 1, unknown: undefined } }, () => Promise.reject(error)).catch(() => undefined);
    await failing(new TypeError('no such thing'));
    await failing(new HubError('log-unavailable', 'away'));
    await telemetry.stop();
    expect(receiver.spans.map(({ status, attributes }) => [status, Object.keys(attributes)])).toEqual(Array(2).fill([2, ['trunkline.correlation.id', 'known']]));
    expect(receiver.spans.map(({ events }) => events)).toEqual([
      [{ name: 'exception', attributes: { 'exception.type': 'TypeError', 'exception.message': 'no such thing', 'exception.stacktrace': expect.stringContaining('otlp-export.spec') } }],
      [{ name: 'exception', attributes: { 'exception.type': 'log-unavailable', 'exception.message': 'away' } }],
    ]);
  });

  it.each([
    ['grpc', /^PRI \* HTTP\/2\.0/],
    ['http/json', /^POST \/v1\/traces [\s\S]*content-type: application\/json/i],
    ['http/protobuf', /^POST \/v1\/traces [\s\S]*content-type: application\/x-protobuf/i],
  ])('speaks OTLP by %s when it is told to', async (protocol, expected) => {
    const { promise: first, resolve } = Promise.withResolvers<string>();
    const listener = createServer((socket) => socket.once('data', (bytes) => (resolve(bytes.toString('latin1')), socket.destroy())).on('error', () => undefined));
    await new Promise<void>((listening) => listener.listen(0, '127.0.0.1', listening));
    onTestFinished(() => void listener.close());
    vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', `http://127.0.0.1:${(listener.address() as AddressInfo).port}`);
    onTestFinished(() => void vi.unstubAllEnvs());
    const telemetry = startTelemetry({ room: 'relay', env: { ...process.env, OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: protocol, OTEL_METRICS_EXPORTER: 'none' } });
    await withSpan('relay.publish', {}, async () => undefined);
    await telemetry.stop();
    expect(await first).toMatch(expected);
  });

  it('sends a batch as soon as OTEL_BSP_SCHEDULE_DELAY says', async () => {
    const telemetry = startTelemetry({ room: 'relay', env: { ...process.env, OTEL_BSP_SCHEDULE_DELAY: '20' } });
    await withSpan('relay.publish', {}, async () => undefined);
    // By default it waits for five seconds.
    await receiver.until((spans) => spans.length === 1, 3_000);
    await telemetry.stop();
  });

  it('says on standard error that the collector refuses spans, when OTEL_LOG_LEVEL asks for it', async () => {
    const told = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    vi.stubEnv('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', `${receiver.url}/nowhere`);
    onTestFinished(() => void vi.unstubAllEnvs());
    onTestFinished(() => told.mockRestore());
    const telemetry = startTelemetry({ room: 'relay', env: { ...process.env, OTEL_LOG_LEVEL: 'error' } });
    await withSpan('relay.publish', {}, async () => undefined);
    await telemetry.stop();
    expect(told.mock.calls.flat().join(' ')).toContain('404');
  });

  it('sends the links of a span', async () => {
    const telemetry = startTelemetry({ room: 'console', env: process.env });
    const { correlationId } = newFlow();
    await withSpan('console.redrive', { correlationId, links: [{ to: spanOf(correlationId, '00f067aa0ba902b7'), as: 'repeats' }] }, async () => undefined);
    await telemetry.stop();
    expect(receiver.spans[0]!.links).toEqual([{ traceId: traceIdOf(correlationId), spanId: '00f067aa0ba902b7', attributes: { 'trunkline.link': 'repeats' } }]);
  });

  it('sends failures and slow flows although none is sampled, with what came before them, and counts what it drops', async () => {
    const telemetry = startTelemetry({ room: 'connector', env: { ...process.env, OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '0' } });
    const [failing, slow, good] = [newFlow(), newFlow(), newFlow()];
    await withSpan('router.route', { correlationId: failing.correlationId }, async () => undefined);
    await withSpan('connector.call', { correlationId: good.correlationId }, async () => undefined);
    await withSpan('connector.call', { correlationId: failing.correlationId }, async (span) => span.fail('away'));
    await withSpan('connector.call', { correlationId: slow.correlationId, recordedAt: new Date(Date.now() - 60_000).toISOString() }, async () => undefined);
    await telemetry.stop();
    expect(receiver.spans.map((span) => [span.name, span.traceId])).toEqual([
      ['router.route', traceIdOf(failing.correlationId)],
      ['connector.call', traceIdOf(failing.correlationId)],
      ['connector.call', traceIdOf(slow.correlationId)],
    ]);
    const fates = receiver.metrics.find((metric) => metric.name === 'trunkline_traces_spans_total')!.points;
    expect(Object.fromEntries(fates.map(({ attributes, value }) => [attributes['fate'], value]))).toMatchObject({ failed: 1, slow: 1, joined: 1, dropped: 1 });
  });

  it.each([
    ['remembers nothing outside the sample', {}, ['ingest.receive']],
    ['remembers as many spans as it is told to', { TRACE_HELD_SPANS: '10' }, ['ingest.earlier', 'ingest.receive']],
  ])('with one span per flow %s', async (_what, special, expected) => {
    const env = { ...process.env, OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '0', ...special };
    const telemetry = startTelemetry({ room: 'ingest', env, oneSpanPerFlow: true });
    const { correlationId } = newFlow();
    await withSpan('ingest.earlier', { correlationId }, async () => undefined);
    await withSpan('ingest.receive', { correlationId }, async (span) => span.fail('bad-signature'));
    await telemetry.stop();
    expect(receiver.spans.map(({ name }) => name)).toEqual(expected);
  });

  it('sends no span under always_off, not even of a failure', async () => {
    const telemetry = startTelemetry({ room: 'connector', env: { ...process.env, OTEL_TRACES_SAMPLER: 'always_off' } });
    await withSpan('connector.call', {}, async (span) => span.fail('away'));
    await telemetry.stop();
    expect(receiver.spans).toEqual([]);
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

  it('does not start with an exporter of traces that it does not have', () => {
    expect(() => startTelemetry({ room: 'relay', env: { ...process.env, OTEL_TRACES_EXPORTER: 'otlp, console' } })).toThrow(/OTEL_TRACES_EXPORTER must be otlp or none, and names "console"/);
    expect(isTracing()).toBe(false);
  });

  it('is off without an endpoint', async () => {
    const telemetry = startTelemetry({ room: 'relay', env: {} });
    expect(isTracing()).toBe(false);
    await telemetry.stop();
  });

  it('sends metrics under the room\'s name when it is stopped, with what was counted, read and measured', async () => {
    const telemetry = startTelemetry({ room: 'connector', env: process.env });
    const account = { partner: 'slack', integration: 'ops' };
    count(METRICS.retries, { ...account, action: 'post-message' }, 3);
    record(METRICS.callDuration, { ...account, action: 'post-message', class: 'ok' }, 0.2);
    const forget = observe((put) => put(METRICS.limitUse, account, 75));
    await telemetry.stop();
    forget();

    const named = (name: string) => receiver.metrics.filter((metric) => metric.name === name);
    expect(named('trunkline_connector_retries_total')).toEqual([
      { service: 'trunkline-connector', name: 'trunkline_connector_retries_total', unit: '', kind: 'sum', temporality: 'cumulative', points: [{ attributes: { ...account, action: 'post-message' }, value: 3 }] },
    ]);
    expect(named('trunkline_connector_concurrency_use_percent')[0]).toMatchObject({ kind: 'gauge', unit: '%', points: [{ attributes: account, value: 75 }] });
    expect(named('trunkline_connector_call_duration_seconds')[0]).toMatchObject({ kind: 'histogram', unit: 's', temporality: 'cumulative', points: [{ value: 0.2, count: 1 }] });
    expect(named('trunkline_process_memory_bytes')[0]!.points).toHaveLength(4);
  });

  it('sends counters and histograms as what came since the last export when the environment wants them so', async () => {
    vi.stubEnv('OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE', 'delta');
    onTestFinished(() => void vi.unstubAllEnvs());
    const telemetry = startTelemetry({ room: 'connector', env: process.env });
    const labels = { partner: 'delta', integration: 'ops', action: 'post-message' };
    count(METRICS.retries, labels);
    record(METRICS.callDuration, { ...labels, class: 'ok' }, 0.5);
    await telemetry.stop();
    const sent = (name: string) => receiver.metrics.filter((metric) => metric.name === name).map(({ temporality, points }) => [temporality, points.find(({ attributes }) => attributes['partner'] === 'delta')?.value]);
    expect(sent('trunkline_connector_retries_total')).toEqual([['delta', 1]]);
    expect(sent('trunkline_connector_call_duration_seconds')).toEqual([['delta', 0.5]]);
  });

  it.each([{ OTEL_METRICS_EXPORTER: 'none' }, { OTEL_METRICS_EXPORTER: 'prometheus' }, { OTEL_SDK_DISABLED: 'true' }])('sends no metrics under %j', async (switchedOff) => {
    const telemetry = startTelemetry({ room: 'connector', env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, ...switchedOff } });
    count(METRICS.retries, { partner: 'slack', integration: 'ops', action: 'post-message' });
    await telemetry.stop();
    expect(receiver.metrics).toEqual([]);
  });
});
