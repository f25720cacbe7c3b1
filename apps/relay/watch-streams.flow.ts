import type { StreamsState } from '#bus';
import { comesBefore, STREAMS, type LogPosition } from '#contract';
import { detectLoss, type Loss } from './detect-loss.ts';
import type { RelayMemory } from './relay-memory.ts';

type Needs = {
  memory(): RelayMemory;
  ensureStreams(): Promise<void>;
  streams(): Promise<StreamsState>;
  /** Before anything is published again: whoever remembers more than the stream has, up to `lastSeq`, would pass it over. */
  stepBack(lastSeq: number): Promise<void>;
  placeBefore(instant: string): Promise<LogPosition | undefined>;
  /** On disk soon. */
  remember(memory: RelayMemory): void;
  /** On disk when it returns: a rewind must survive the relay. */
  rememberNow(memory: RelayMemory): Promise<void>;
  moveTo(at: LogPosition): void;
  now(): number;
  windows: Record<Exclude<Loss, 'none'>, number>;
  report(loss: Loss, from: LogPosition): void;
};

/** The longest that a target may let its commands wait. */
const OLDEST_COMMAND_MS = 30 * 24 * 3_600_000;

/** Whether a version that had one queue for all partners wrote this: what waited there is not in the queues that there are now. */
const filledOneQueue = ({ commandsCreated }: RelayMemory): boolean => commandsCreated !== '' && !commandsCreated.startsWith(STREAMS.commandsOf(''));

const fingerprint = (streams: StreamsState): Pick<RelayMemory, 'serverId' | 'eventsCreated' | 'commandsCreated'> => ({
  serverId: streams.serverId,
  eventsCreated: streams.eventsCreated,
  commandsCreated: streams.commandsCreated,
});

/**
 * Looks whether JetStream is still what the relay filled. If not, goes back in the log and publishes again:
 * whatever was not lost is recognised downstream by its id.
 */
export const watchStreams = (needs: Needs) => async (): Promise<Loss> => {
  await needs.ensureStreams();
  const streams = await needs.streams();
  const memory = needs.memory();
  const loss = detectLoss(memory, streams);
  if (loss === 'none') {
    if (memory.eventsCreated === '') await needs.rememberNow({ ...memory, ...fingerprint(streams), commandsSeq: streams.commandsSeq });
    else if (Object.entries(streams.commandsSeq).some(([queue, seq]) => seq > (memory.commandsSeq[queue] ?? 0))) needs.remember({ ...memory, commandsSeq: streams.commandsSeq });
    return loss;
  }
  await needs.stepBack(streams.eventsSeq);
  const windowMs = filledOneQueue(memory) ? Math.max(OLDEST_COMMAND_MS, needs.windows[loss]) : needs.windows[loss];
  const since = new Date(needs.now() - windowMs).toISOString();
  const place = await needs.placeBefore(since);
  const from = place !== undefined && comesBefore(place, memory.at) ? place : memory.at;
  const until = memory.rewind !== undefined && comesBefore(memory.at, memory.rewind.until) ? memory.rewind.until : memory.at;
  const round = (memory.rewind?.round ?? 0) + 1;
  await needs.rememberNow({ at: from, eventsSeq: streams.eventsSeq, commandsSeq: streams.commandsSeq, rewind: { round, until }, ...fingerprint(streams) });
  needs.moveTo(from);
  needs.report(loss, from);
  return loss;
};
