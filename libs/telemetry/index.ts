export { startTelemetry, type Telemetry } from './start-telemetry.ts';
export { withSpan, noteSpan, currentTraceparent, isTracing, type FlowSpan, type SpanOptions } from './with-span.ts';
export { newFlow, type Flow } from './new-flow.ts';
export { createLogger, type Logger } from './create-logger.ts';
