import { AsyncLocalStorage } from 'node:async_hooks';
import type { Attributes } from '@opentelemetry/api';
import { newCorrelationId, parseTraceparent, traceIdOf } from '#contract';
import { formatTraceparent } from './format-traceparent.ts';
import { randomSpanId } from './random-span-id.ts';
import type { SpanKeeper } from './keep-spans.ts';
import type { SpanKindName, SpanLink, SpanRecord } from './span-record.ts';

/**
 * Where a span belongs. `parent` is a `traceparent` and goes before `correlationId`, which makes a root span of that flow;
 * with neither, the span is a child of the `outer` one that is running, or begins a flow of its own.
 */
export type SpanOptions = {
  parent?: string;
  correlationId?: string;
  kind?: SpanKindName;
  attributes?: Attributes;
  /** For spans that others know by a derived id; else it is drawn. */
  spanId?: string;
  links?: readonly SpanLink[];
  /** RFC 3339 UTC: when what the span works on was put on record. A flow that is slow by this is kept although it is not sampled. */
  recordedAt?: string;
  /**
   * Spans that begin inside with no place of their own are its children, and `currentTraceparent` knows of it. Only when asked for:
   * it is carried through everything that the work awaits.
   */
  outer?: boolean;
  /** It does again what had failed: kept although it is not sampled. */
  repeats?: boolean;
};

/**
 * The span that is running. `traceparent` is always valid: carry it in the headers of what this span causes. It says "sampled" from
 * the moment on at which this span is known to be kept. With tracing off it is the parent's, or a fresh one of the same flow that
 * says "not sampled".
 */
export type FlowSpan = {
  readonly traceparent: string;
  /** Adds attributes; values that are undefined are left out. */
  set(attributes: Attributes): void;
  /** Marks the span as failed although nothing was thrown. The message is masked. */
  fail(message: string): void;
  /** Makes no span of it after all, unless it fails: for what looks now and then and found nothing to do. */
  leaveOut(): void;
};

/** A span that its maker ends: see `openSpan`. */
export type OpenSpan = FlowSpan & {
  /** The work threw this. */
  throwing(error: unknown): void;
  end(): void;
};

let keeper: SpanKeeper | undefined;

/** The outer span that is running, through whatever its work awaits. */
const running = new AsyncLocalStorage<SpanRecord>();

/** Switches spans on (with who decides about them) or off. For `startTelemetry` only: a process has one. */
export const useSpanKeeper = (next: SpanKeeper | undefined): void => {
  keeper = next;
};

/** Whether spans are being made; lets a batch skip work that only spans need. */
export const isTracing = (): boolean => keeper !== undefined;

const traceparentOf = ({ traceId, spanId, keptBecause, failure }: SpanRecord): string =>
  formatTraceparent(traceId, spanId, keptBecause !== undefined || failure !== undefined || (keeper?.keeps(traceId) ?? false));

/** The `traceparent` of the outer span that is running; undefined when there is none, or tracing is off. */
export const currentTraceparent = (): string | undefined => {
  if (keeper === undefined) return undefined;
  const span = running.getStore();
  return span === undefined ? undefined : traceparentOf(span);
};

const nothing = (): void => undefined;

const silentSpan = ({ parent, correlationId }: SpanOptions): FlowSpan => ({
  traceparent: parent ?? formatTraceparent(traceIdOf(correlationId ?? newCorrelationId()), randomSpanId(), false),
  set: nothing,
  fail: nothing,
  leaveOut: nothing,
});

type Place = { traceId: string; parent?: { spanId: string; remote: boolean }; sampled?: boolean };

const placeOf = ({ parent, correlationId }: SpanOptions): Place => {
  const remote = parseTraceparent(parent);
  if (remote) return { traceId: remote.traceId, parent: { spanId: remote.spanId, remote: true }, sampled: remote.sampled };
  if (correlationId !== undefined) return { traceId: traceIdOf(correlationId) };
  const outer = running.getStore();
  if (outer === undefined) return { traceId: traceIdOf(newCorrelationId()) };
  return { traceId: outer.traceId, parent: { spanId: outer.spanId, remote: false }, sampled: outer.keptBecause === 'sampled' };
};

const NO_LINKS: readonly SpanLink[] = [];

/** The record and its handle in one: a span is made for each webhook and each call, and most are thrown away. */
class RunningSpan implements SpanRecord, OpenSpan {
  readonly kind: SpanKindName;
  readonly traceId: string;
  readonly spanId: string;
  readonly parent: SpanRecord['parent'];
  readonly recordedAt: string | undefined;
  readonly keptBecause: SpanRecord['keptBecause'];
  readonly links: readonly SpanLink[];
  endedAtMs: number;
  attributes: Attributes | undefined;
  failure: SpanRecord['failure'] = undefined;
  /** Wall clocks jump; how long it took is told by the other one. */
  private readonly began = performance.now();
  private isLeftOut = false;

  constructor(by: SpanKeeper, readonly name: string, options: SpanOptions, readonly startedAtMs: number) {
    const { traceId, parent, sampled } = placeOf(options);
    this.kind = options.kind ?? 'internal';
    this.traceId = traceId;
    this.spanId = options.spanId ?? randomSpanId();
    this.parent = parent;
    this.recordedAt = options.recordedAt;
    this.keptBecause = by.atStart(traceId, sampled, options.repeats ?? false);
    this.links = options.links ?? NO_LINKS;
    this.endedAtMs = startedAtMs;
    this.attributes = options.attributes;
  }

  get traceparent(): string {
    return traceparentOf(this);
  }

  set(attributes: Attributes): void {
    this.attributes = this.attributes === undefined ? attributes : { ...this.attributes, ...attributes };
  }

  fail(message: string): void {
    this.failure = { message };
  }

  leaveOut(): void {
    this.isLeftOut = true;
  }

  throwing(error: unknown): void {
    this.failure = { thrown: error };
  }

  end(): void {
    this.endedAtMs = this.startedAtMs + (performance.now() - this.began);
    if (!this.isLeftOut || this.failure !== undefined) keeper?.end(this);
  }
}

/**
 * Runs `work` inside the span `<room>.<verb>` and gives its result, or throws what it throws, which the span records.
 * With tracing off it is a call of `work` and one small object.
 */
export const withSpan = <T>(name: string, options: SpanOptions, work: (span: FlowSpan) => Promise<T>): Promise<T> => {
  if (keeper === undefined) return work(silentSpan(options));
  const span = new RunningSpan(keeper, name, options, Date.now());
  return options.outer ? running.run(span, runIn, span, work) : runIn(span, work);
};

const runIn = async <T>(span: RunningSpan, work: (span: FlowSpan) => Promise<T>): Promise<T> => {
  try {
    return await work(span);
  } catch (error) {
    span.throwing(error);
    throw error;
  } finally {
    span.end();
  }
};

/**
 * Begins a span that the caller ends, whatever happens; undefined while tracing is off. For work that is one function of its own and
 * done for every webhook; otherwise `withSpan`, which cannot be forgotten.
 */
export const openSpan = (name: string, options: SpanOptions): OpenSpan | undefined => (keeper === undefined ? undefined : new RunningSpan(keeper, name, options, Date.now()));

/**
 * Records a span that is already over: for batches, where one piece of work belongs to many flows.
 * `startedAtMs` is `Date.now()` at its start; it ends now. Does nothing when tracing is off.
 */
export const noteSpan = (name: string, options: SpanOptions & { startedAtMs: number }): void => {
  if (keeper === undefined) return;
  const span = new RunningSpan(keeper, name, options, options.startedAtMs);
  span.endedAtMs = Math.max(options.startedAtMs, Date.now());
  keeper.end(span);
};
