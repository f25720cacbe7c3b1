/** The process's environment. */
export type Environment = Record<string, string | undefined>;

/** The exporters that `OTEL_<signal>_EXPORTER` names. */
export const exportersOf = (env: Environment, signal: 'TRACES' | 'METRICS'): string[] =>
  (env[`OTEL_${signal}_EXPORTER`] ?? '').split(',').map((name) => name.trim()).filter(Boolean);

const isOff = (env: Environment, signal: 'TRACES' | 'METRICS'): boolean =>
  env['OTEL_SDK_DISABLED']?.trim() === 'true' || exportersOf(env, signal).includes('none');

/** Whether a signal goes out by OTLP, going by OpenTelemetry's standard variables: an endpoint is set, and nothing switches it off. */
export const exportsSignal = (env: Environment, signal: 'TRACES' | 'METRICS'): boolean =>
  Boolean(env['OTEL_EXPORTER_OTLP_ENDPOINT'] || env[`OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`]) && !isOff(env, signal) && !(signal === 'METRICS' && exportersOf(env, signal).join() === 'prometheus');

/** Whether nothing at all is to be metered: `OTEL_METRICS_EXPORTER` is `none`, or `OTEL_SDK_DISABLED` is `true`. */
export const metersNothing = (env: Environment): boolean => isOff(env, 'METRICS');
