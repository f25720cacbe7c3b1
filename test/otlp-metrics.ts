import { attributesOf } from './otlp-attributes.ts';
import { allBytes, lastBytes, lastNumber, protobufFields } from './protobuf-fields.ts';

type Point = {
  attributes: Record<string, unknown>;
  /** Of a histogram: the sum. */
  value: number;
  count?: number;
};

/** A metric as it came over the wire. `service` is the resource's `service.name`. */
export type ReceivedMetric = { service: string; name: string; unit: string; kind: 'gauge' | 'sum' | 'histogram'; temporality?: 'delta' | 'cumulative'; points: Point[] };

// Field numbers: github.com/open-telemetry/opentelemetry-proto, metrics/v1.
const KINDS = { gauge: 5, sum: 7, histogram: 9 } as const;
const TEMPORALITIES = [undefined, 'delta', 'cumulative'] as const;

const numberPoint = (bytes: Buffer): Point => {
  const value = protobufFields(bytes).find(({ number }) => number === 4 || number === 6);
  const eight = (value?.value ?? Buffer.alloc(8)) as Buffer;
  return { attributes: attributesOf(bytes, 7), value: value?.number === 6 ? Number(eight.readBigInt64LE()) : eight.readDoubleLE() };
};

const histogramPoint = (bytes: Buffer): Point => ({
  attributes: attributesOf(bytes, 9),
  value: lastBytes(bytes, 5).readDoubleLE(),
  count: Number(lastBytes(bytes, 4).readBigUInt64LE()),
});

const metricOf = (service: string, bytes: Buffer): ReceivedMetric[] =>
  (['gauge', 'sum', 'histogram'] as const).flatMap((kind) => {
    const data = allBytes(bytes, KINDS[kind])[0];
    if (data === undefined) return [];
    const points = allBytes(data, 1).map(kind === 'histogram' ? histogramPoint : numberPoint);
    return [{ service, name: lastBytes(bytes, 1).toString('utf8'), unit: lastBytes(bytes, 3).toString('utf8'), kind, temporality: TEMPORALITIES[Number(lastNumber(data, 2))], points }];
  });

/** The metrics of an `ExportMetricsServiceRequest`. */
export const decodeMetrics = (request: Buffer): ReceivedMetric[] =>
  allBytes(request, 1).flatMap((resourceMetrics) => {
    const service = String(attributesOf(lastBytes(resourceMetrics, 1), 1)['service.name']);
    return allBytes(resourceMetrics, 2).flatMap((scope) => allBytes(scope, 2).flatMap((metric) => metricOf(service, metric)));
  });
