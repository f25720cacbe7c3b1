import { HubError, traceIdOf, type Command, type HubEvent, type LogPosition } from '#contract';
import type { Standing } from '#read-models';
import type { Opened } from '#vault';
import type { Explanation, RouteExplanation, RouteTable } from '#routing';
import type { InForce } from './routes-in-force.ts';
import { showBody } from './show-body.ts';
import type { EventDetailView, PlannedCommandView, RoutingView } from './views/event.view.ts';
import { describeCommand } from './words/describe-command.ts';

type Needs = {
  find(id: string): Promise<HubEvent | undefined>;
  /** Each event as it can be read; undefined for one that was erased, the reason for one that cannot be opened. */
  open(events: readonly HubEvent[]): Promise<(Opened<HubEvent> | HubError | undefined)[]>;
  /** When retention dropped it, if it did. */
  droppedAt(id: string): Promise<string | undefined>;
  routesAt(place: LogPosition): Promise<InForce | undefined>;
  explain(table: RouteTable, event: HubEvent, now: Date): Promise<Explanation>;
  standings(ids: string[]): Promise<Map<string, Standing>>;
};

const SHOWN_ROUTES = 200;
const RANK: Record<RouteExplanation['outcome'], number> = { matched: 0, 'filter-differs': 1, 'subject-differs': 2 };

const plannedView = (command: Command, standing: Standing | undefined): PlannedCommandView => {
  const { id, route, target, partner, integration, action, lane, deadline, defect } = command;
  const stands = standing ?? { state: 'none' as const, attempts: 0 };
  return { id, words: describeCommand(stands), route, target, partner, integration, action, lane, deadline, defect, ...stands };
};

const routingWords = ({ routes, commands, skipped }: Explanation): string => {
  const matched = routes.filter((route) => route.outcome === 'matched').length;
  if (routes.length === 0) return 'No route takes this event; nothing follows from it.';
  if (matched === 0) return `None of the ${routes.length} routes in force takes this event; nothing follows from it.`;
  const cut = skipped.length === 0 ? '' : ` ${skipped.length} targets were left out.`;
  return `${matched} of ${routes.length} routes take this event; ${commands.length} commands follow from it.${cut}`;
};

const routingOf = async (needs: Needs, event: HubEvent): Promise<RoutingView> => {
  const inForce = await needs.routesAt(event.at);
  if (inForce === undefined) {
    return { words: 'No manifest had been applied when this event was recorded; nothing follows from it.', routesInForce: 0, routes: [], commands: [], skipped: [] };
  }
  const explanation = await needs.explain(inForce.table, event, new Date(event.recordedAt));
  const standings = await needs.standings(explanation.commands.map((command) => command.id));
  return {
    words: routingWords(explanation),
    manifestVersion: inForce.version,
    routesInForce: explanation.routes.length,
    routes: explanation.routes.toSorted((a, b) => RANK[a.outcome] - RANK[b.outcome]).slice(0, SHOWN_ROUTES),
    commands: explanation.commands.map((command) => plannedView(command, standings.get(command.id))),
    skipped: explanation.skipped,
  };
};

/** Without the content nobody can tell which filters held; what did follow is on record. */
const untoldRouting = (why: string): RoutingView => ({
  words: `${why} What followed from it is in the timeline of its flow.`, routesInForce: 0, routes: [], commands: [], skipped: [],
});

const ERASED = 'Its content was erased, with the person whom it was about.';

const absent = async (needs: Needs, id: string): Promise<HubError> => {
  const at = await needs.droppedAt(id);
  if (at === undefined) return new HubError('not-found', `No event ${id} is on record. Look for it under /v1/events.`);
  return new HubError('event-dropped', `Event ${id} was on record until ${at}, when its retention was over. What went with it is in the audit trail.`);
};

/** Shows one event, and what became of it by the routes that counted for it; of one that was erased or cannot be opened, what is left. Throws `not-found` and `event-dropped`. */
export const showEvent = (needs: Needs) => async (id: string): Promise<EventDetailView> => {
  const event = await needs.find(id);
  if (event === undefined) throw await absent(needs, id);
  const [answer] = await needs.open([event]);
  const unreadable = answer instanceof HubError ? answer.message : undefined;
  const opened = answer instanceof HubError ? undefined : answer;
  const { partner, integration, type, correlationId, recordedAt, tenant, causationId, occurredAt, schemaVersion, contentType, headers } = opened?.event ?? event;
  return {
    id, partner, integration, type, correlationId, recordedAt, tenant, causationId, occurredAt, schemaVersion, contentType, headers,
    traceId: traceIdOf(correlationId),
    sequence: `${event.at.tx}.${event.at.position}`,
    ...(opened !== undefined ? { body: showBody(opened.event) } : unreadable === undefined ? { erased: true } : { unreadable }),
    routing: opened === undefined ? untoldRouting(unreadable ?? ERASED) : await routingOf(needs, opened.event),
  };
};
