import { context, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace, TraceFlags, type Attributes, type Context, type Span, type Tracer } from '@opentelemetry/api';
import { newCorrelationId, parseTraceparent, traceIdOf } from '#contract';
import { formatTraceparent } from './format-traceparent.ts';
import { randomSpanId, withTraceId } from './flow-ids.ts';

const KINDS = {
  internal: SpanKind.INTERNAL,
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
} as const;

/**
 * Where a span belongs. `parent` is a `traceparent` and goes before `correlationId`, which makes a root span of that flow;
 * with neither, the span is a child of the one that is running, or begins a flow of its own.
 */
export type SpanOptions = {
  parent?: string;
  correlationId?: string;
  kind?: keyof typeof KINDS;
  attributes?: Attributes;
};

/**
 * The span that is running. `traceparent` is always valid: carry it in the headers of what this span causes.
 * With tracing off it is the parent's, or a fresh one of the same flow that says "not sampled".
 */
export type FlowSpan = {
  readonly traceparent: string;
  /** Adds attributes; values that are undefined are left out. */
  set(attributes: Attributes): void;
  /** Marks the span as failed although nothing was thrown. */
  fail(message: string): void;
};

let tracer: Tracer | undefined;

/** Switches spans on (with a tracer) or off. For `startTelemetry` only: a process has one tracer. */
export const useTracer = (next: Tracer | undefined): void => {
  tracer = next;
};

/** Whether spans are being made; lets a batch skip work that only spans need. */
export const isTracing = (): boolean => tracer !== undefined;

const traceparentOf = (span: Span): string => {
  const { traceId, spanId, traceFlags } = span.spanContext();
  return formatTraceparent(traceId, spanId, (traceFlags & TraceFlags.SAMPLED) !== 0);
};

/** The running span's `traceparent`; undefined when there is none, or tracing is off. */
export const currentTraceparent = (): string | undefined => {
  if (tracer === undefined) return undefined;
  const span = trace.getActiveSpan();
  return span === undefined ? undefined : traceparentOf(span);
};

const nothing = (): void => undefined;

const silentSpan = ({ parent, correlationId }: SpanOptions): FlowSpan => ({
  traceparent: parent ?? formatTraceparent(traceIdOf(correlationId ?? newCorrelationId()), randomSpanId(), false),
  set: nothing,
  fail: nothing,
});

const contextFor = ({ parent, correlationId }: SpanOptions): Context => {
  const remote = parseTraceparent(parent);
  if (remote) {
    const traceFlags = remote.sampled ? TraceFlags.SAMPLED : TraceFlags.NONE;
    return trace.setSpanContext(ROOT_CONTEXT, { traceId: remote.traceId, spanId: remote.spanId, traceFlags, isRemote: true });
  }
  return correlationId === undefined ? context.active() : ROOT_CONTEXT;
};

/** A span that has begun, and the context in which it is the running one. */
const startSpan = (on: Tracer, name: string, options: SpanOptions & { startedAtMs?: number }): { span: Span; inside: Context } => {
  const traceId = options.correlationId === undefined ? undefined : traceIdOf(options.correlationId);
  const how = { kind: KINDS[options.kind ?? 'internal'], attributes: options.attributes, startTime: options.startedAtMs };
  const around = contextFor(options);
  const span = withTraceId(traceId, () => on.startSpan(name, how, around));
  return { span, inside: trace.setSpan(around, span) };
};

const markFailed = (span: Span, error: unknown): void => {
  const shown = error instanceof Error ? error : new Error(String(error));
  span.recordException(shown);
  span.setStatus({ code: SpanStatusCode.ERROR, message: shown.message });
};

/**
 * Runs `work` inside the span `<room>.<verb>` and gives its result, or throws what it throws, which the span records.
 * With tracing off it is a call of `work` and one small object.
 */
export const withSpan = <T>(name: string, options: SpanOptions, work: (span: FlowSpan) => Promise<T>): Promise<T> => {
  if (tracer === undefined) return work(silentSpan(options));
  const { span, inside } = startSpan(tracer, name, options);
  return context.with(inside, () => runIn(span, work));
};

const runIn = async <T>(span: Span, work: (span: FlowSpan) => Promise<T>): Promise<T> => {
  try {
    return await work({
      traceparent: traceparentOf(span),
      set: (attributes) => void span.setAttributes(attributes),
      fail: (message) => void span.setStatus({ code: SpanStatusCode.ERROR, message }),
    });
  } catch (error) {
    markFailed(span, error);
    throw error;
  } finally {
    span.end();
  }
};

/**
 * Records a span that is already over: for batches, where one piece of work belongs to many flows.
 * `startedAtMs` is `Date.now()` at its start; it ends now. Does nothing when tracing is off.
 */
export const noteSpan = (name: string, options: SpanOptions & { startedAtMs: number; error?: unknown }): void => {
  if (tracer === undefined) return;
  const { span } = startSpan(tracer, name, options);
  if (options.error !== undefined) markFailed(span, options.error);
  span.end();
};
