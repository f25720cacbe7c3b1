import { isHubError } from '#contract';
import type { AcceptedEvent } from './accept-event.ts';
import { logUnavailable } from './refusals.ts';
import type { Receipt } from './webhook-stages.ts';

type Append = (event: AcceptedEvent) => Promise<{ first: boolean; id: string; correlationId: string }>;

/** Puts an event on record. It is on disk when this returns `accepted`; while the log is away it is refused, never half accepted. */
export const recordEvent = async (append: Append, event: AcceptedEvent): Promise<Receipt> => {
  try {
    const { first, id, correlationId } = await append(event);
    return { outcome: first ? 'accepted' : 'duplicate', eventId: id, correlationId };
  } catch (error) {
    if (isHubError(error, 'log-unavailable')) return logUnavailable();
    throw error;
  }
};
