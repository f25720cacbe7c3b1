import { DiscardPolicy, RetentionPolicy, StorageType, type StreamConfig, type StreamInfo } from '@nats-io/jetstream';
import { HubError, STREAMS } from '#contract';
import { isApiError, STREAM_NOT_FOUND, SUBJECTS_OVERLAP } from './api-errors.ts';
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

const commandsConfig = (partner: string, perSubject: number): Wanted => ({
  name: STREAMS.commandsOf(partner),
  subjects: [`cmd.${partner}.>`],
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

/** One queue for all partners, as versions before had it; its subjects are in the way of theirs. */
const OLD_QUEUE = { name: 'COMMANDS', subjects: 'cmd.>' };

const inTheWay = ({ name, subjects }: Wanted, others: readonly string[], cause: unknown): HubError => {
  const [subject, streams] = [subjects!.join(', '), others.join(', ')];
  return new HubError('config-invalid', `The stream ${name} cannot be made: messages of ${subject} go to ${streams} already, and NATS puts each message into one stream. ` +
    `Give the hub an account of its own in NATS (deploy/nats.conf), or take these subjects out of ${streams}: nats stream edit, or nats stream rm.`, { cause });
};

/** The streams that take messages of the same subjects. None when NATS does not let the relay ask: then its first answer has to do. */
const overlapping = async (bus: Bus, { subjects }: Wanted): Promise<string[]> => {
  const names = await Promise.all(subjects!.map((subject) => bus.jsm.streams.names(subject).next())).catch(() => []);
  return [...new Set(names.flat())];
};

/** Whether the queue of older versions is all that is in the way, and not a stream of somebody else that has its name. */
const isOldQueue = async (bus: Bus, others: readonly string[]): Promise<boolean> =>
  others.join() === OLD_QUEUE.name && (await bus.jsm.streams.info(OLD_QUEUE.name)).config.subjects.join() === OLD_QUEUE.subjects;

/** Makes a stream that is alone with its subjects. Throws `config-invalid`, and names the streams that are in its way. */
const ensureAlone = async (bus: Bus, config: Wanted): Promise<void> => {
  try {
    await ensureStream(bus, config);
  } catch (error) {
    if (!isApiError(error, SUBJECTS_OVERLAP)) throw error;
    const others = await overlapping(bus, config);
    if (others.length === 0) throw error;
    if (!(await isOldQueue(bus, others))) throw inTheWay(config, others, error);
    // What waits in it is made again from the log: the relay sees that its queues are others, and goes back.
    await bus.jsm.streams.delete(OLD_QUEUE.name);
    await ensureStream(bus, config);
  }
};

type Limits = { commandsPerSubject?: number };

/** Makes `EVENTS`, and `COMMANDS_<partner>` for each of these partners, where they are missing; what exists is left as it is. The relay does this, and nobody else. Throws `config-invalid` when a stream of somebody else takes their messages. */
export const ensureStreams = async (bus: Bus, partners: readonly string[], limits: Limits = {}): Promise<void> => {
  await ensureAlone(bus, eventsConfig());
  for (const partner of partners) await ensureAlone(bus, commandsConfig(partner, limits.commandsPerSubject ?? COMMANDS_PER_SUBJECT));
};

/** What tells one life of the streams from another: when each was made (the queues together), and how far it got (each queue by its stream's name). */
export type StreamsState = { serverId: string; eventsCreated: string; eventsSeq: number; commandsCreated: string; commandsSeq: Readonly<Record<string, number>> };

/** Reads the state of the streams. Throws while NATS or one of them is away. */
export const streamsState = async (bus: Bus, partners: readonly string[]): Promise<StreamsState> => {
  const serverId = bus.serverId();
  const [events, ...queues]: StreamInfo[] = await Promise.all([STREAMS.events, ...partners.map(STREAMS.commandsOf)].map((name) => bus.jsm.streams.info(name)));
  if (bus.serverId() !== serverId) throw new HubError('bus-unavailable', 'NATS was restarted while it was looked at. It is looked at again.');
  const commandsCreated = queues.map(({ config, created }) => `${config.name} ${created}`).join(', ');
  const commandsSeq = Object.fromEntries(queues.map(({ config, state }) => [config.name, state.last_seq]));
  return { serverId, eventsCreated: events!.created, eventsSeq: events!.state.last_seq, commandsCreated, commandsSeq };
};
