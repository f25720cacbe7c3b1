import { SpanKind, SpanStatusCode, TraceFlags, type Attributes, type Link } from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { correlationIdOf, parseTraceparent } from '#contract';
import { describeError } from './describe-error.ts';
import { hrTimeOf } from './hr-time.ts';
import { maskText } from './mask-text.ts';
import type { SpanLink, SpanRecord } from './span-record.ts';

const KINDS = {
  internal: SpanKind.INTERNAL,
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
} as const;

const asLinks = (links: readonly SpanLink[]): Link[] =>
  links.flatMap(({ to, as }) => {
    const target = parseTraceparent(to);
    if (target === undefined) return [];
    const { traceId, spanId, sampled } = target;
    return [{ context: { traceId, spanId, traceFlags: sampled ? TraceFlags.SAMPLED : TraceFlags.NONE, isRemote: true }, attributes: { 'trunkline.link': as } }];
  });

/** With its dashes, as people paste it. Values that are undefined are left out. */
const attributesOf = ({ attributes = {}, traceId }: SpanRecord): Attributes => ({
  'trunkline.correlation.id': correlationIdOf(traceId),
  ...Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined)),
});

type Ending = Pick<ReadableSpan, 'status' | 'events'>;

const endingOf = ({ failure, endedAtMs }: SpanRecord): Ending => {
  if (failure === undefined) return { status: { code: SpanStatusCode.UNSET }, events: [] };
  if ('message' in failure) return { status: { code: SpanStatusCode.ERROR, message: maskText(failure.message) }, events: [] };
  const { type = 'Error', code, message, stack } = describeError(failure.thrown);
  const attributes = { 'exception.type': code ?? type, 'exception.message': message, ...(stack !== undefined && { 'exception.stacktrace': stack }) };
  return { status: { code: SpanStatusCode.ERROR, message }, events: [{ name: 'exception', time: hrTimeOf(endedAtMs), attributes }] };
};

const SCOPE = { name: 'trunkline' };

/** A remembered span as the SDK's exporters take it. */
export const asReadableSpan = (record: SpanRecord, resource: Resource): ReadableSpan => {
  const { name, kind, traceId, spanId, parent, links, startedAtMs, endedAtMs } = record;
  const context = { traceId, spanId, traceFlags: TraceFlags.SAMPLED };
  return {
    name,
    kind: KINDS[kind],
    spanContext: () => context,
    ...(parent && { parentSpanContext: { traceId, spanId: parent.spanId, traceFlags: TraceFlags.SAMPLED, isRemote: parent.remote } }),
    startTime: hrTimeOf(startedAtMs),
    endTime: hrTimeOf(endedAtMs),
    duration: hrTimeOf(endedAtMs - startedAtMs),
    ended: true,
    attributes: attributesOf(record),
    links: asLinks(links),
    ...endingOf(record),
    resource,
    instrumentationScope: SCOPE,
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  };
};
