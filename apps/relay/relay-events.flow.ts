import { comesBefore, eventSubject, eventToMessage, type HubEvent } from '#contract';
import type { Outgoing, Published } from '#bus';
import type { RelayMemory } from './relay-memory.ts';

type Needs = {
  memory(): RelayMemory;
  publish(messages: Outgoing[]): Promise<Published[]>;
  remember(memory: RelayMemory): void;
  /** Whether a rewind was decided since these events were read. */
  superseded(): boolean;
};

/** Whether an event had been published before the rewind that is under way. */
export const isRepeat = (event: HubEvent, { rewind }: RelayMemory): boolean => rewind !== undefined && !comesBefore(rewind.until, event.at);

/** Within a rewind the message id names its round, so that the repeat is not taken for what JetStream may have lost. */
const toOutgoing = (event: HubEvent, memory: RelayMemory): Outgoing => ({
  ...eventToMessage(event),
  subject: eventSubject(event),
  msgId: isRepeat(event, memory) ? `${event.id}:${memory.rewind!.round}` : event.id,
});

/**
 * Publishes the log's next events in order and remembers how far it got. Safe to run twice: twins are known by their message id.
 */
export const relayEvents = (needs: Needs) => async (events: HubEvent[]): Promise<void> => {
  if (needs.superseded()) return;
  const memory = needs.memory();
  const published = await needs.publish(events.map((event) => toOutgoing(event, memory)));
  const seqs = published.map((answer) => (answer.kind === 'full' ? 0 : answer.seq));
  needs.remember({ ...memory, at: events.at(-1)!.at, eventsSeq: Math.max(memory.eventsSeq, seqs.at(-1)!) });
};
