import { ensureStreams, stepBack, streamsState, type Bus, type Publisher } from '#bus';
import { CARRIED, HubError, publishSpanId, ROUTER_CONSUMER, STREAMS, type HubEvent, type LogPosition } from '#contract';
import { untilItWorks } from '#boot';
import { loadPosition, savePosition, startLogWake, startTail, type Database, type EventLog, type LogTail } from '#event-log';
import { count, isTracing, METRICS, noteSpan, spanOf, type Logger, type SpanOptions } from '#telemetry';
import { keepPosition, type PositionKeeper } from './keep-position.ts';
import { meterQueues } from './meter-queues.ts';
import { fromRemembered, toRemembered, type RelayMemory } from './relay-memory.ts';
import { isRepeat, relayEvents } from './relay-events.flow.ts';
import type { RelayConfig } from './relay.config.ts';
import { watchStreams } from './watch-streams.flow.ts';

const READER = 'relay';
const WATCH_EVERY_MS = 1_000;

export type Relay = {
  /** Resolves when the streams are there; the relay then follows the log until it is stopped. */
  start(): Promise<void>;
  stop(): Promise<void>;
};

/** `partners` are those that have a queue: who can be asked to do something. */
type Parts = { db: Database; log: EventLog; bus: Bus; publisher: Publisher; partners: readonly string[]; config: RelayConfig; logger: Logger };

/** One thing at a time: a rewind and a batch never meet half-way. */
const oneAtATime = (): (<T>(work: () => Promise<T>) => Promise<T>) => {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const next = last.then(work, work);
    last = next.catch(() => undefined);
    return next;
  };
};

/** Webhooks and mapped inputs may be nearly this large; NATS takes 1 MiB unless it is told otherwise. */
const NEEDED_PAYLOAD = 2_000_000;

const requirePayload = (bytes: number): void => {
  if (bytes >= NEEDED_PAYLOAD) return;
  throw new HubError('config-invalid', `NATS takes messages of at most ${bytes} bytes, and the hub needs ${NEEDED_PAYLOAD}. Set max_payload to 2MB in its configuration.`);
};

/** A repeat points at the first publication; how old its event is says nothing about the flow. */
const publicationOf = (event: HubEvent, memory: RelayMemory): SpanOptions => {
  const first = publishSpanId(event.id);
  if (!isRepeat(event, memory)) return { spanId: first, recordedAt: event.recordedAt };
  return { links: [{ to: spanOf(event.correlationId, first), as: 'repeats' }], attributes: { 'trunkline.rewind': memory.rewind!.round } };
};

const notePublished = (events: HubEvent[], memory: RelayMemory, startedAtMs: number): void => {
  if (!isTracing()) return;
  for (const event of events) {
    const { correlationId, headers } = event;
    noteSpan('relay.publish', { parent: headers[CARRIED.traceparent], correlationId, kind: 'producer', startedAtMs, ...publicationOf(event, memory) });
  }
};

const watcherOf = ({ bus, log, partners, config, logger }: Parts, keeper: PositionKeeper, tail: () => LogTail): (() => Promise<unknown>) =>
  watchStreams({
    memory: keeper.memory,
    ensureStreams: () => ensureStreams(bus, partners, { commandsPerSubject: config.commandsPerSubject }),
    streams: () => streamsState(bus, partners),
    stepBack: async (lastSeq) => {
      if (await stepBack(bus, STREAMS.events, ROUTER_CONSUMER, lastSeq)) logger.warn({ lastSeq }, 'NATS came back with less than the router had seen: the router begins where the stream ends');
    },
    placeBefore: log.placeBefore,
    remember: keeper.remember,
    rememberNow: keeper.rememberNow,
    moveTo: (at) => tail().moveTo(at),
    now: log.now,
    windows: { lost: config.rewindLostMs, restarted: config.rewindRestartedMs },
    report: (loss, from) => {
      if (loss !== 'none') count(METRICS.relayRewinds, { loss });
      const place = { loss, from: `${from.tx}.${from.position}` };
      if (loss === 'lost') logger.warn(place, 'JetStream lost messages: publishing again from the log');
      else logger.info(place, 'NATS was restarted: publishing its last minutes again, to be sure');
    },
  });

/** Joins the relay's flows to the log and the bus. */
export const openRelay = async (parts: Parts): Promise<Relay> => {
  const { db, log, bus, publisher, partners, config, logger } = parts;
  const onError = (error: unknown): void => logger.warn({ err: error }, 'the relay waits');
  const wake = startLogWake(db);
  const exclusively = oneAtATime();
  const stopping = new AbortController();
  const stopMetering = meterQueues(bus, partners, log.now);
  let tail: LogTail | undefined;
  let timer: NodeJS.Timeout | undefined;
  let keeper: PositionKeeper | undefined;
  let beginning: Promise<void> | undefined;

  const publish = async (events: HubEvent[], kept: PositionKeeper, watch: () => Promise<unknown>): Promise<void> => {
    const startedAtMs = Date.now();
    const superseded = (): boolean => tail?.moving() ?? false;
    const relay = relayEvents({ memory: kept.memory, publish: (messages) => publisher.publish(messages, kept.memory().serverId), remember: kept.remember, superseded });
    await exclusively(async () => {
      // Where the streams ended must be known before they grow again.
      if (bus.serverId() !== kept.memory().serverId) await watch();
      await relay(events);
    });
    count(METRICS.relayEvents, {}, events.length);
    notePublished(events, kept.memory(), startedAtMs);
  };

  const begin = async (): Promise<void> => {
    const remembered = await untilItWorks(() => loadPosition(db, READER), stopping.signal, onError);
    if (remembered === undefined || stopping.signal.aborted) return;
    const kept = keepPosition({ save: (memory) => savePosition(db, READER, toRemembered(memory)), onError }, fromRemembered(remembered));
    keeper = kept;
    const { read, beyond } = log;
    const position = async (): Promise<LogPosition> => kept.memory().at;
    const watch = watcherOf(parts, kept, () => tail!);
    tail = startTail({ read, beyond, wake, position, handle: (events) => publish(events, kept, watch), onError, batchSize: config.batchSize });
    const look = (): void => void exclusively(watch).catch(onError);
    bus.onReconnect(look);
    look();
    timer = setInterval(look, WATCH_EVERY_MS);
  };

  return {
    start: async () => {
      requirePayload(bus.maxPayload());
      // Whoever starts after this room finds its streams.
      await untilItWorks(() => ensureStreams(bus, partners, { commandsPerSubject: config.commandsPerSubject }), stopping.signal, onError);
      beginning = begin();
    },
    stop: async () => {
      stopMetering();
      stopping.abort();
      await beginning;
      clearInterval(timer);
      await tail?.stop();
      await exclusively(async () => undefined); // a look at the streams that is under way
      await keeper?.stop();
      await wake.stop();
    },
  };
};
