import { EventEmitter } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { allBytes, lastBytes, lastNumber, protobufFields } from './protobuf-fields.ts';

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
};

// Field numbers: github.com/open-telemetry/opentelemetry-proto, common/v1, resource/v1 and trace/v1.
const anyValue = (bytes: Buffer): unknown => {
  const field = protobufFields(bytes)[0];
  if (field === undefined) return undefined;
  if (field.number === 2) return field.value === 1n;
  if (typeof field.value === 'bigint') return Number(BigInt.asIntN(64, field.value));
  if (field.number === 1) return field.value.toString('utf8');
  if (field.number === 4) return field.value.readDoubleLE();
  if (field.number === 5) return allBytes(field.value, 1).map(anyValue);
  return field.value;
};

const attributesOf = (bytes: Buffer, number: number): Record<string, unknown> =>
  Object.fromEntries(allBytes(bytes, number).map((pair) => [lastBytes(pair, 1).toString('utf8'), anyValue(lastBytes(pair, 2))]));

const spanOf = (service: string, bytes: Buffer): ReceivedSpan => ({
  service,
  traceId: lastBytes(bytes, 1).toString('hex'),
  spanId: lastBytes(bytes, 2).toString('hex'),
  parentSpanId: lastBytes(bytes, 4).toString('hex'),
  name: lastBytes(bytes, 5).toString('utf8'),
  kind: Number(lastNumber(bytes, 6)),
  status: Number(lastNumber(lastBytes(bytes, 15), 3)),
  attributes: attributesOf(bytes, 9),
});

/** The spans of an `ExportTraceServiceRequest`. */
export const decodeSpans = (request: Buffer): ReceivedSpan[] =>
  allBytes(request, 1).flatMap((resourceSpans) => {
    const service = String(attributesOf(lastBytes(resourceSpans, 1), 1)['service.name']);
    const scopes = allBytes(resourceSpans, 2);
    return scopes.flatMap((scope) => allBytes(scope, 2).map((span) => spanOf(service, span)));
  });

/**
 * A collector for tests: takes OTLP over HTTP with protobuf bodies on a free port and keeps every span.
 * `until` resolves with the spans received so far as soon as `enough` says so, and rejects after `deadlineMs` naming them.
 */
export const startOtlpReceiver = async () => {
  const spans: ReceivedSpan[] = [];
  const arrivals = new EventEmitter();
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    if (request.url === '/v1/traces' && request.headers['content-type'] === 'application/x-protobuf') {
      const body = Buffer.concat(chunks);
      spans.push(...decodeSpans(request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body));
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
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, spans, until, stop };
};
