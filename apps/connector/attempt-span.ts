import { attemptSpanId, type Command } from '#contract';
import { isTracing, spanOf, type FlowSpan, type SpanLink, type SpanOptions } from '#telemetry';
import type { Attempt, Claimed } from './attempt.ts';

/** An attempt repeats the one before it, possibly days ago, and may have been asked for by an operator. */
const linksOf = ({ id, correlationId, redrivenBy }: Command, attempt: number): SpanLink[] => {
  const links: SpanLink[] = [];
  if (attempt > 1) links.push({ to: spanOf(correlationId, attemptSpanId(id, attempt - 1)), as: 'repeats' });
  if (redrivenBy !== undefined) links.push({ to: redrivenBy, as: 'asked-for-by' });
  return links;
};

/** Where an attempt's span belongs and what it says from the start. Its id is derived, so that the next attempt and a redrive can link to it. */
export const describeAttempt = (command: Command, { attempt }: Claimed): SpanOptions => {
  const place: SpanOptions = { parent: command.traceparent, correlationId: command.correlationId };
  if (!isTracing()) return place;
  return {
    ...place,
    kind: 'client',
    spanId: attemptSpanId(command.id, attempt),
    links: linksOf(command, attempt),
    // A first issue carries the instant at which its event was recorded.
    recordedAt: command.issuedAt,
    repeats: attempt > 1,
    attributes: {
      'trunkline.account': `${command.partner}.${command.integration}`,
      'trunkline.action': command.action,
      'trunkline.command.id': command.id,
      'trunkline.event.id': command.eventId,
      'trunkline.attempt.number': attempt,
    },
  };
};

const wrongWith = (attempt: Attempt): string | undefined => {
  switch (attempt.kind) {
    case 'failed':
      return attempt.failure.message;
    case 'refused':
    case 'unknown':
      return attempt.message;
    case 'expired':
      return 'The deadline has passed; no call was made.';
    case 'performed':
    case 'withheld':
    case 'not-called':
      return undefined;
  }
};

/** Says on the span how the attempt ended. It has failed when the command did not get what it asked for, whoever's doing that was. */
export const noteOnSpan = (span: FlowSpan, attempt: Attempt): void => {
  span.set({ 'trunkline.attempt': attempt.kind });
  const wrong = wrongWith(attempt);
  if (wrong !== undefined) span.fail(wrong);
};
