import { holdSpans } from './held-spans.ts';
import { createRing } from './ring.ts';
import type { KeptBecause, SpanRecord } from './span-record.ts';
import type { TraceSettings } from './trace-settings.ts';

/** What becomes of a span. */
export type SpanFate = KeptBecause | 'dropped';

type Needs = {
  /** The decision at a flow's start: the same for a trace in every room. `parent` is what came with it. */
  sampled(traceId: string, parent: boolean | undefined): boolean;
  /** Sends a span on its way out. */
  emit(span: SpanRecord): void;
  note(fate: SpanFate, spans: number): void;
  settings: TraceSettings;
};

/** Decides which spans go out. */
export type SpanKeeper = {
  /** What is known of a span when it begins; undefined while that is open. `repeats`: it does again what was done before. */
  atStart(traceId: string, parent: boolean | undefined, repeats: boolean): KeptBecause | undefined;
  /** Whether spans of this trace go out from now on, whatever they are like. */
  keeps(traceId: string): boolean;
  end(span: SpanRecord): void;
  stop(): void;
};

/** Traces that are remembered as kept; what comes later is decided by what it is like. */
const KEPT_TRACES = 10_000;

/**
 * Lets out what was sampled, and of the rest each span that failed or was slow, with every other span of its trace that this process
 * made and still remembers; what follows in that trace goes out as well. Remembers the last so many spans, whatever happens.
 */
export const keepSpans = ({ sampled, emit, note, settings }: Needs): SpanKeeper => {
  const held = holdSpans(settings.heldSpans);
  const kept = new Set<string>();
  const keptOrder = createRing<string>(KEPT_TRACES);

  const letOut = (span: SpanRecord, because: KeptBecause): void => {
    note(because, 1);
    emit(span);
  };

  const keep = (traceId: string): void => {
    if (kept.has(traceId)) return;
    kept.add(traceId);
    const forgotten = keptOrder.push(traceId);
    if (forgotten !== undefined) kept.delete(forgotten);
    for (const span of held.take(traceId)) letOut(span, 'joined');
  };

  const hold = (span: SpanRecord): void => {
    if (held.put(span) !== undefined) note('dropped', 1);
  };

  const becauseOf = ({ failure, startedAtMs, endedAtMs, recordedAt }: SpanRecord): KeptBecause | undefined => {
    if (failure !== undefined) return 'failed';
    const slow = endedAtMs - startedAtMs >= settings.slowSpanMs || (recordedAt !== undefined && endedAtMs - Date.parse(recordedAt) >= settings.slowFlowMs);
    return slow ? 'slow' : undefined;
  };

  return {
    atStart: (traceId, parent, repeats) => {
      if (sampled(traceId, parent)) return 'sampled';
      if (repeats) keep(traceId);
      if (!kept.has(traceId)) return undefined;
      return repeats ? 'repeated' : 'joined';
    },
    keeps: (traceId) => kept.has(traceId),
    end: (span) => {
      const because = span.keptBecause ?? (kept.has(span.traceId) ? 'joined' : becauseOf(span));
      if (because === undefined) return hold(span);
      if (because === 'failed' || because === 'slow') keep(span.traceId);
      letOut(span, because);
    },
    stop: () => {
      note('dropped', held.clear());
      kept.clear();
    },
  };
};
