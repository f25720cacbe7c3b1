import { openPublisher, type Bus, type JetStreamServer, type Publisher, type Source } from '#bus';
import { CARRIED, CATEGORIES, ROUTER_CONSUMER, STREAMS, type HubEvent, type OpenCommand } from '#contract';
import { followManifest, type EventLog, type ManifestFollower } from '#event-log';
import { untilItWorks } from '#boot';
import { matchRoutes, planCommands, type Route } from '#routing';
import { nowAndThen, withSpan, type Logger, type SpanOptions } from '#telemetry';
import { hideQuotes, type Opened, type People } from '#vault';
import { EVENTS_PATTERN } from './event.consumer.ts';
import { routeEvents, type RouteEvents } from './route-events.flow.ts';
import { createRoutesInForce, type RoutesInForce } from './routes-in-force.ts';
import type { RouterConfig } from './router.config.ts';

export type Router = { routeEvents: RouteEvents; start(): void; stop(): Promise<void> };

type Parts = { log: EventLog; people: People; bus: Bus; server: JetStreamServer; config: RouterConfig; logger: Logger };

const IN_FLIGHT_BATCHES = 4;

const planFor =
  (routes: RoutesInForce, logger: Logger) =>
  async (event: HubEvent): Promise<OpenCommand[]> => {
    const table = routes.at(event.at);
    if (table === undefined) return [];
    const { commands, skipped } = await planCommands(event, matchRoutes(table, event), new Date(event.recordedAt));
    for (const one of skipped) logger.warn({ eventId: event.id, correlationId: event.correlationId, ...one }, 'not routed');
    return commands;
  };

/** A mapping that failed may quote what it failed at, and its words stay on record in the clear. */
const withoutQuotes = (command: OpenCommand, { event, subjects }: Opened<HubEvent>): OpenCommand =>
  command.defect === undefined || subjects.length === 0 ? command : { ...command, defect: { ...command.defect, message: hideQuotes(command.defect.message, [event.data, event.headers]) } };

const tellUnreadable = (logger: Logger) =>
  nowAndThen((eventId: string, why: Error) =>
    logger.error({ eventId, why: why.message }, 'an event cannot be opened and waits, and others like it may; the rest is routed. Give the master key back to MASTER_KEYS'));

/** Tells whether a route may match what becomes of commands: most events are that, and most routes are not about them. */
const mayMatchOutcomes = ({ spec }: Route): boolean => ['command', '*', '>', undefined].includes(spec.on.split('.')[2]);

/**
 * Filters by category, not by route: what a consumer's filter left out is gone for it, so a filter that followed
 * the manifest would miss the first events of a new route. docs/decisions/0004.
 */
const eventSource = (routes: RoutesInForce, config: RouterConfig): Source => {
  const wantsOutcomes = routes.newest()?.routes.some(mayMatchOutcomes) ?? false;
  const categories = CATEGORIES.filter((category) => category !== 'command' || wantsOutcomes);
  const filters = categories.map((category) => `evt.*.*.${category}.>`);
  return {
    key: `events:${filters.join(' ')}`,
    pattern: EVENTS_PATTERN,
    stream: STREAMS.events,
    durable: ROUTER_CONSUMER,
    filters,
    coarseFilter: 'evt.>',
    batch: config.batchSize,
    inFlight: config.batchSize * IN_FLIGHT_BATCHES,
    ackWaitMs: config.ackWaitMs,
    maxAckPending: 50_000,
  };
};

/** What a rewind published again is old by itself; that says nothing about its flow. */
const placeOf = ({ headers, correlationId, recordedAt }: HubEvent, again: boolean): SpanOptions => ({
  parent: headers[CARRIED.traceparent],
  correlationId,
  kind: 'consumer',
  recordedAt: again ? undefined : recordedAt,
});

/** Joins the router's flow to the bus and to the manifests on the log. */
export const openRouter = ({ log, people, bus, server, config, logger }: Parts): Router => {
  const onError = (error: unknown): void => logger.warn({ err: error }, 'the router waits');
  const routes = createRoutesInForce();
  const publisher: Publisher = openPublisher(bus);
  const stopping = new AbortController();
  let following: Promise<ManifestFollower | undefined> | undefined;

  const follow = (): Promise<ManifestFollower> =>
    followManifest(log, async (history) => {
      routes.update(history);
      await server.serve([eventSource(routes, config)]);
    });
  return {
    routeEvents: routeEvents({
      refreshRoutes: async () => routes.update(await log.manifests()),
      open: people.openEach,
      unreadable: tellUnreadable(logger),
      plan: planFor(routes, logger),
      seal: (command, opened) => people.sealCommand(withoutQuotes(command, opened), opened.subjects),
      publish: publisher.publish,
      traced: (event, again, work) => withSpan('router.route', placeOf(event, again), (span) => work(span.traceparent)),
    }),
    start: () => {
      following = untilItWorks(follow, stopping.signal, onError);
    },
    stop: async () => {
      stopping.abort();
      (await following)?.stop();
      publisher.close();
    },
  };
};
