import { traceIdOf } from '#contract';

/** A W3C `traceparent` of version 00. */
export const formatTraceparent = (traceId: string, spanId: string, sampled: boolean): string =>
  `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`;

/** The `traceparent` of a span that is known by its flow and its id: what a link points to. */
export const spanOf = (correlationId: string, spanId: string): string => formatTraceparent(traceIdOf(correlationId), spanId, true);
