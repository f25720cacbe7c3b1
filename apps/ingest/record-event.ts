import { isHubError, type Identifier } from '#contract';
import type { AcceptedEvent } from './accept-event.ts';
import { logUnavailable, personUnreadable } from './refusals.ts';
import type { Receipt } from './webhook-stages.ts';

type Needs = {
  seal(event: AcceptedEvent, identifiers: readonly Identifier[]): Promise<AcceptedEvent>;
  append(event: AcceptedEvent): Promise<{ first: boolean; id: string; correlationId: string }>;
};

/**
 * Puts an event on record, sealed where it names persons. It is on disk when this returns `accepted`, and so are the keys to it;
 * while the log is away it is refused, never half accepted.
 */
export const recordEvent = async (needs: Needs, event: AcceptedEvent, identifiers: readonly Identifier[]): Promise<Receipt> => {
  try {
    const { first, id, correlationId } = await needs.append(identifiers.length === 0 ? event : await needs.seal(event, identifiers));
    return { outcome: first ? 'accepted' : 'duplicate', eventId: id, correlationId };
  } catch (error) {
    if (isHubError(error, 'log-unavailable')) return logUnavailable();
    if (isHubError(error, 'sealed-unreadable')) return personUnreadable(error.message);
    throw error;
  }
};
