import { EventEmitter } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { attributesOf } from './otlp-attributes.ts';
import { decodeMetrics, type ReceivedMetric } from './otlp-metrics.ts';
import { allBytes, lastBytes, lastNumber } from './protobuf-fields.ts';

/** A span as it came over the wire. `service` is the resource's `service.name`; `kind` and `status` are OTLP's numbers. */
export type ReceivedSpan = {
  service: string;
  traceId: string;
  spanId: string;
  /** Empty for a root span. */
  parentSpanId: string;
  name: string;
  kind: number;
  status: number;
  attributes: Record<string, unknown>;
  events: { name: string; attributes: Record<string, unknown> }[];
  links: { traceId: string; spanId: string; attributes: Record<string, unknown> }[];
};

// Field numbers: github.com/open-telemetry/opentelemetry-proto, resource/v1 and trace/v1.
const linkOf = (bytes: Buffer): ReceivedSpan['links'][number] => ({
  traceId: lastBytes(bytes, 1).toString('hex'),
  spanId: lastBytes(bytes, 2).toString('hex'),
  attributes: attributesOf(bytes, 4),
});

const spanOf = (service: string, bytes: Buffer): ReceivedSpan => ({
  service,
  traceId: lastBytes(bytes, 1).toString('hex'),
  spanId: lastBytes(bytes, 2).toString('hex'),
  parentSpanId: lastBytes(bytes, 4).toString('hex'),
  name: lastBytes(bytes, 5).toString('utf8'),
  kind: Number(lastNumber(bytes, 6)),
  status: Number(lastNumber(lastBytes(bytes, 15), 3)),
  attributes: attributesOf(bytes, 9),
  events: allBytes(bytes, 11).map((event) => ({ name: lastBytes(event, 2).toString('utf8'), attributes: attributesOf(event, 3) })),
  links: allBytes(bytes, 13).map(linkOf),
});

/** The spans of an `ExportTraceServiceRequest`. */
export const decodeSpans = (request: Buffer): ReceivedSpan[] =>
  allBytes(request, 1).flatMap((resourceSpans) => {
    const service = String(attributesOf(lastBytes(resourceSpans, 1), 1)['service.name']);
    const scopes = allBytes(resourceSpans, 2);
    return scopes.flatMap((scope) => allBytes(scope, 2).map((span) => spanOf(service, span)));
  });

/**
 * A collector for tests: takes OTLP over HTTP with protobuf bodies on a free port and keeps every span, and the metrics of every export.
 * `until` resolves with the spans received so far as soon as `enough` says so, and rejects after `deadlineMs` naming them.
 */
export const startOtlpReceiver = async () => {
  const spans: ReceivedSpan[] = [];
  const metrics: ReceivedMetric[] = [];
  const take: Record<string, (body: Buffer) => void> = {
    '/v1/traces': (body) => void spans.push(...decodeSpans(body)),
    '/v1/metrics': (body) => void metrics.push(...decodeMetrics(body)),
  };
  const arrivals = new EventEmitter();
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const keep = take[request.url ?? ''];
    if (keep !== undefined && request.headers['content-type'] === 'application/x-protobuf') {
      const body = Buffer.concat(chunks);
      keep(request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body);
      arrivals.emit('spans');
      response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
    } else response.writeHead(404).end();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));

  const until = (enough: (spans: ReceivedSpan[]) => boolean, deadlineMs = 20_000): Promise<ReceivedSpan[]> =>
    new Promise((resolve, reject) => {
      const look = () => {
        if (!enough(spans)) return;
        clearTimeout(timer);
        arrivals.off('spans', look);
        resolve([...spans]);
      };
      const timer = setTimeout(() => {
        arrivals.off('spans', look);
        reject(new Error(`not enough spans after ${deadlineMs} ms, only: ${spans.map((span) => `${span.traceId} ${span.name}`).join(', ')}`));
      }, deadlineMs);
      arrivals.on('spans', look);
      look();
    });

  const stop = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise<void>((closed) => server.close(() => closed()));
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, spans, metrics, until, stop };
};
