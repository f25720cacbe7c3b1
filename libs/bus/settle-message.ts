import type { PulledMessage } from './acknowledge.ts';
import type { Settlement } from '#contract';

/** The one place where an answer becomes ack, nak or term. A lost ack is harmless: the message comes again and is known. */
export const settleMessage = (msg: Pick<PulledMessage, 'ack' | 'nak' | 'term'>, settlement: Settlement): void => {
  switch (settlement.kind) {
    case 'done':
      return msg.ack();
    case 'retry':
      return msg.nak(Math.max(1, Math.round(settlement.afterMs)));
    case 'park':
      return msg.term();
  }
};
