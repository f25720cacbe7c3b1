import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace, TraceFlags, type Attributes, type Context, type Link, type Span, type Tracer } from '@opentelemetry/api';
import { correlationIdOf, parseTraceparent } from '#contract';
import { describeError } from './describe-error.ts';
import { withIds } from './flow-ids.ts';
import { maskText } from './mask-text.ts';
import type { SpanLink, SpanRecord } from './span-record.ts';

const KINDS = {
  internal: SpanKind.INTERNAL,
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
} as const;

const around = ({ traceId, parent }: SpanRecord): Context =>
  parent === undefined
    ? ROOT_CONTEXT
    : trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId: parent.spanId, traceFlags: TraceFlags.SAMPLED, isRemote: parent.remote });

const asLinks = (links: readonly SpanLink[]): Link[] =>
  links.flatMap(({ to, as }) => {
    const target = parseTraceparent(to);
    if (target === undefined) return [];
    const { traceId, spanId, sampled } = target;
    return [{ context: { traceId, spanId, traceFlags: sampled ? TraceFlags.SAMPLED : TraceFlags.NONE, isRemote: true }, attributes: { 'trunkline.link': as } }];
  });

/** With its dashes, as people paste it. */
const withCorrelation = (attributes: Attributes | undefined, traceId: string): Attributes => ({ 'trunkline.correlation.id': correlationIdOf(traceId), ...attributes });

const markFailed = (span: Span, failure: NonNullable<SpanRecord['failure']>, atMs: number): void => {
  if ('message' in failure) return void span.setStatus({ code: SpanStatusCode.ERROR, message: maskText(failure.message) });
  const { type, code, message, stack } = describeError(failure.thrown);
  span.recordException({ name: type ?? 'Error', code, message, stack }, atMs);
  span.setStatus({ code: SpanStatusCode.ERROR, message });
};

/** Makes the SDK's span of a remembered one, under the ids that it had, and hands it to the exporter. */
export const exportSpan = (on: Tracer) => (record: SpanRecord): void => {
  const { name, kind, traceId, spanId, attributes, links, startedAtMs, endedAtMs, failure } = record;
  const how = { kind: KINDS[kind], attributes: withCorrelation(attributes, traceId), links: asLinks(links), startTime: startedAtMs };
  const span = withIds({ traceId, spanId }, () => on.startSpan(name, how, around(record)));
  if (failure !== undefined) markFailed(span, failure, endedAtMs);
  span.end(endedAtMs);
};
