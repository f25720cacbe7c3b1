import type { Channel, NoticeMessage } from '#notify';
import { withSpan } from '#telemetry';

/** What a message tells of so many things, and the `traceparent` of the look that asked for it. */
export type Asked = { traceparent: string; notices: number };

/** The same channel, with a span for each time that it is handed a message: beneath the look, failed when it was not taken, and pointing at the time before. */
export const traceChannel = (channel: Channel, askedBy: (message: NoticeMessage) => Asked): Channel => {
  const before = new WeakMap<NoticeMessage, string>();
  const placeOf = (message: NoticeMessage) => {
    const last = before.get(message);
    return { parent: askedBy(message).traceparent, ...(last !== undefined && { links: [{ to: last, as: 'repeats' as const }], repeats: true }) };
  };
  return {
    ...channel,
    send: (message) => {
      const attributes = { 'trunkline.channel': channel.name, 'trunkline.notices': askedBy(message).notices };
      return withSpan('notifier.send', { ...placeOf(message), kind: 'client', attributes }, (span) => {
        before.set(message, span.traceparent);
        return channel.send(message);
      });
    },
  };
};
