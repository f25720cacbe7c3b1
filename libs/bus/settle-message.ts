import type { JsMsg } from '@nats-io/jetstream';
import type { Settlement } from '#contract';

/** The one place where an answer becomes ack, nak or term. A lost ack is harmless: the message comes again and is known. */
export const settleMessage = (msg: Pick<JsMsg, 'ack' | 'nak' | 'term'>, settlement: Settlement): void => {
  switch (settlement.kind) {
    case 'done':
      return msg.ack();
    case 'retry':
      return msg.nak(Math.max(1, Math.round(settlement.afterMs)));
    case 'park':
      return msg.term(`${settlement.code}: ${settlement.why}`);
  }
};
