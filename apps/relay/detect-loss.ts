import type { StreamsState } from '#bus';
import type { RelayMemory } from './relay-memory.ts';

/**
 * `lost`: a stream is another one than we filled, or shorter; `restarted`: the server began anew, and what it had not written
 * to the disk by then may be missing without a trace.
 */
export type Loss = 'none' | 'restarted' | 'lost';

/** Compares what JetStream is now with what the relay remembers of it. */
export const detectLoss = (memory: RelayMemory, streams: StreamsState): Loss => {
  if (memory.eventsCreated === '') return 'none';
  const another = streams.eventsCreated !== memory.eventsCreated || streams.commandsCreated !== memory.commandsCreated;
  const shorter = Object.entries(memory.commandsSeq).some(([queue, seq]) => (streams.commandsSeq[queue] ?? 0) < seq);
  if (another || shorter || streams.eventsSeq < memory.eventsSeq) return 'lost';
  return streams.serverId === memory.serverId ? 'none' : 'restarted';
};
