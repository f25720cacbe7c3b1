import type { Attributes } from '@opentelemetry/api';

/** Why a span goes out: the decision at the flow's start, what the span itself was like, or that another span of its trace goes out. */
export type KeptBecause = 'sampled' | 'repeated' | 'failed' | 'slow' | 'joined';

/** A span that another one repeats or was asked for by, possibly days before: its `traceparent`, and how the two belong together. */
export type SpanLink = { to: string; as: 'repeats' | 'asked-for-by' };

export type SpanKindName = 'internal' | 'server' | 'client' | 'producer' | 'consumer';

/** A span as it is remembered until it is known whether anybody wants it: much less than the SDK makes of one. */
export type SpanRecord = {
  readonly name: string;
  readonly kind: SpanKindName;
  readonly traceId: string;
  readonly spanId: string;
  readonly parent: { spanId: string; remote: boolean } | undefined;
  readonly startedAtMs: number;
  /** RFC 3339 UTC: when what this span works on was put on record. */
  readonly recordedAt: string | undefined;
  /** Set when it was known at the span's start that it goes out. */
  readonly keptBecause: KeptBecause | undefined;
  endedAtMs: number;
  attributes: Attributes | undefined;
  readonly links: readonly SpanLink[];
  /** What went wrong, masked when it is exported. */
  failure: { message: string } | { thrown: unknown } | undefined;
};
