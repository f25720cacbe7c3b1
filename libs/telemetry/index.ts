export { startTelemetry, type Telemetry } from './start-telemetry.ts';
export { withSpan, noteSpan, currentTraceparent, isTracing, type FlowSpan, type SpanOptions } from './with-span.ts';
export { newFlow, type Flow } from './new-flow.ts';
export { createLogger, type Logger, type LoggerOptions } from './create-logger.ts';
export { changeLevels } from './change-levels.ts';
export { describeError } from './describe-error.ts';
export { maskRecord } from './mask-record.ts';
export { maskText } from './mask-text.ts';
export type { MaskedFields } from './masked-names.ts';
