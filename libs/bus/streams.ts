import { DiscardPolicy, RetentionPolicy, StorageType, type StreamConfig, type StreamInfo } from '@nats-io/jetstream';
import { HubError, STREAMS } from '#contract';
import { isApiError, STREAM_NOT_FOUND } from './api-errors.ts';
import type { Bus } from './connect-bus.ts';

const HOUR_NS = 3_600_000_000_000;
const STREAM_NAME_IN_USE = 10_058;

/** How long an event stays in `EVENTS`. The router must not be away for longer; the log keeps everything. */
export const EVENTS_MAX_AGE_H = 72;
/** Commands that may wait per partner, lane, integration and action. More are refused, and the router tries again. */
export const COMMANDS_PER_SUBJECT = 1_000_000;

type Wanted = Partial<StreamConfig> & { name: string };

const eventsConfig = (): Wanted => ({
  name: STREAMS.events,
  subjects: ['evt.>'],
  retention: RetentionPolicy.Limits,
  storage: StorageType.File,
  discard: DiscardPolicy.Old,
  max_age: EVENTS_MAX_AGE_H * HOUR_NS,
  duplicate_window: 120_000_000_000,
  allow_direct: true,
});

const commandsConfig = (perSubject: number): Wanted => ({
  name: STREAMS.commands,
  subjects: ['cmd.>'],
  retention: RetentionPolicy.Workqueue,
  storage: StorageType.File,
  discard: DiscardPolicy.New,
  discard_new_per_subject: true,
  max_msgs_per_subject: perSubject,
  duplicate_window: 120_000_000_000,
});

const ensureStream = async (bus: Bus, config: Wanted): Promise<void> => {
  try {
    await bus.jsm.streams.info(config.name);
  } catch (error) {
    if (!isApiError(error, STREAM_NOT_FOUND)) throw error;
    await bus.jsm.streams.add(config as StreamConfig).catch((raced) => {
      if (!isApiError(raced, STREAM_NAME_IN_USE)) throw raced;
    });
  }
};

/** Makes `EVENTS` and `COMMANDS` where they are missing; what exists is left as it is. The relay does this, and nobody else. */
export const ensureStreams = async (bus: Bus, limits: { commandsPerSubject?: number } = {}): Promise<void> => {
  await ensureStream(bus, eventsConfig());
  await ensureStream(bus, commandsConfig(limits.commandsPerSubject ?? COMMANDS_PER_SUBJECT));
};

/** What tells one life of the streams from another: when each was made, and how far it got. */
export type StreamsState = { serverId: string; eventsCreated: string; eventsSeq: number; commandsCreated: string; commandsSeq: number };

/** Reads the state of both streams. Throws while NATS or a stream is away. */
export const streamsState = async (bus: Bus): Promise<StreamsState> => {
  const serverId = bus.serverId();
  const [events, commands]: StreamInfo[] = await Promise.all([bus.jsm.streams.info(STREAMS.events), bus.jsm.streams.info(STREAMS.commands)]);
  if (bus.serverId() !== serverId) throw new HubError('bus-unavailable', 'NATS was restarted while it was looked at. It is looked at again.');
  return { serverId, eventsCreated: events!.created, eventsSeq: events!.state.last_seq, commandsCreated: commands!.created, commandsSeq: commands!.state.last_seq };
};
