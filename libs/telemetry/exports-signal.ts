/** The process's environment. */
export type Environment = Record<string, string | undefined>;

/** Whether a signal goes out by OTLP, going by OpenTelemetry's standard variables: an endpoint is set, and nothing switches it off. */
export const exportsSignal = (env: Environment, signal: 'TRACES' | 'METRICS'): boolean =>
  Boolean(env['OTEL_EXPORTER_OTLP_ENDPOINT'] || env[`OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`]) &&
  env['OTEL_SDK_DISABLED'] !== 'true' &&
  env[`OTEL_${signal}_EXPORTER`] !== 'none';
