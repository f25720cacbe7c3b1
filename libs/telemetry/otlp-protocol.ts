import type { Environment } from './exports-signal.ts';

/** How OTLP can be spoken. */
export type OtlpProtocol = 'grpc' | 'http/json' | 'http/protobuf';

const isProtocol = (name: string | undefined): name is OtlpProtocol => name === 'grpc' || name === 'http/json' || name === 'http/protobuf';

/** What `OTEL_EXPORTER_OTLP_PROTOCOL`, or its form for this signal, says; `http/protobuf` when that is nothing known. */
export const otlpProtocol = (env: Environment, signal: 'TRACES' | 'METRICS'): OtlpProtocol => {
  const name = (env[`OTEL_EXPORTER_OTLP_${signal}_PROTOCOL`] || env['OTEL_EXPORTER_OTLP_PROTOCOL'])?.trim();
  return isProtocol(name) ? name : 'http/protobuf';
};
