export { startTelemetry, type Telemetry } from './start-telemetry.ts';
export { withSpan, noteSpan, currentTraceparent, isTracing, type FlowSpan, type SpanOptions } from './with-span.ts';
export { newFlow, type Flow } from './new-flow.ts';
export { createLogger, type Logger } from './create-logger.ts';
export { count, observe, record, scrapeMetrics, set } from './metrics/meters.ts';
export { ACCOUNT_STATES, METRICS, type AccountState } from './metrics/catalogue.ts';
export type { LabelsOf, Metric } from './metrics/metric.ts';
export type { Put } from './metrics/observers.ts';
