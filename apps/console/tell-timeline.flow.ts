import { HubError, traceIdOf, type CommandOutcome, type HubEvent, type LogPosition } from '#contract';
import { readReport, type FlowEvent, type Page, type PageRequest, type Standing } from '#read-models';
import type { RouteTable } from '#routing';
import type { Opened } from '#vault';
import type { FollowUp } from './list-follow-ups.ts';
import type { InForce } from './routes-in-force.ts';
import type { TimelineStepView, TimelineView } from './views/timeline.view.ts';
import { describeAttempt } from './words/describe-attempt.ts';
import { describeCommand } from './words/describe-command.ts';
import { describeEvent } from './words/describe-event.ts';

type Needs = {
  timeline(correlationId: string, page: PageRequest): Promise<Page<FlowEvent>>;
  find(id: string): Promise<HubEvent | undefined>;
  routesAt(place: LogPosition): Promise<InForce | undefined>;
  /** Each event as it can be read; undefined for one that was erased, the reason for one that cannot be opened. */
  open(events: readonly HubEvent[]): Promise<(Opened<HubEvent> | HubError | undefined)[]>;
  followUps(table: RouteTable, event: HubEvent): FollowUp[];
  /** Those of an event that was erased or cannot be opened; only what the ledger knows of them really followed. */
  possibleFollowUps(table: RouteTable, event: Omit<HubEvent, 'data'>): FollowUp[];
  standings(ids: string[]): Promise<Map<string, Standing>>;
  /** Where a person sees a trace; undefined when nobody said. */
  traceUrl(traceId: string): string | undefined;
};

const ERASED = 'Its content was erased, with the person whom it was about.';

/** What is known of one event of the flow: what followed from it, or, when it was erased or cannot be opened, what may have. */
type Told = { event: FlowEvent; followUps: FollowUp[]; erased?: true; unreadable?: string };

const factOf = ({ event, erased, unreadable }: Omit<Told, 'followUps'>): TimelineStepView => ({
  kind: 'event',
  at: event.recordedAt,
  words: [describeEvent(event), unreadable ?? (erased && ERASED)].filter(Boolean).join(' '),
  erased,
  unreadable,
  eventId: event.id,
  partner: event.partner,
  integration: event.integration,
  type: event.type,
});

/** An event as a step: an attempt where it reports one, else a fact. */
const stepOf = ({ event, erased, unreadable }: Told): TimelineStepView => {
  const report = event.type.startsWith('command.') && event.data !== undefined ? readReport(event.data) : undefined;
  if (report === undefined) return factOf({ event, erased, unreadable });
  const { commandId, action, route, target, attempt, durationMs, answer, failure, nextAttemptAt } = report;
  const outcome = event.type.slice('command.'.length) as CommandOutcome;
  const words = `${event.partner}/${event.integration} ${action}: ${describeAttempt({ attempt, durationMs, answer, failure, nextAttemptAt, outcome })}`;
  return { ...factOf({ event }), kind: 'attempt', words, commandId, action, route, target, attempt, outcome, durationMs, answer, failure, nextAttemptAt };
};

const commandStep = (event: FlowEvent, next: FollowUp, standing: Standing | undefined): TimelineStepView => {
  const stands = standing ?? { state: 'none' as const, attempts: 0 };
  const words = `Route ${next.route} asks ${next.partner}/${next.integration} to ${next.action} (${next.target}). ${describeCommand(stands)}`;
  return { kind: 'command', at: event.recordedAt, eventId: event.id, words, ...next, state: stands.state };
};

const tellOf = async (needs: Needs, event: FlowEvent): Promise<Told> => {
  const whole = event.data === undefined ? await needs.find(event.id) : { ...event, data: event.data };
  if (whole === undefined) return { event, followUps: [] };
  const [opened] = await needs.open([whole]);
  const inForce = await needs.routesAt(event.at);
  if (opened === undefined || opened instanceof HubError) {
    const followUps = inForce === undefined ? [] : needs.possibleFollowUps(inForce.table, event);
    return { event, followUps, ...(opened === undefined ? { erased: true } : { unreadable: opened.message }) };
  }
  return { event, followUps: inForce === undefined ? [] : needs.followUps(inForce.table, opened.event) };
};

const commandSteps = ({ event, followUps, erased, unreadable }: Told, standings: Map<string, Standing>): TimelineStepView[] =>
  followUps.filter((one) => (!erased && unreadable === undefined) || standings.has(one.commandId)).map((one) => commandStep(event, one, standings.get(one.commandId)));

/** Tells one flow in order: what was recorded, which commands followed, what each attempt came to. Throws `not-found` for a flow without events. */
export const tellTimeline = (needs: Needs) => async (correlationId: string, page: PageRequest): Promise<TimelineView> => {
  const { items, next } = await needs.timeline(correlationId, page);
  if (items.length === 0 && page.after === undefined) {
    throw new HubError('not-found', `No event of flow ${correlationId} is in the read models. A new one shows within a second; else look under /v1/events.`);
  }
  const told: Told[] = [];
  // One body in hand at a time.
  for (const event of items) told.push(await tellOf(needs, event));
  const standings = await needs.standings(told.flatMap(({ followUps }) => followUps.map((one) => one.commandId)));
  const steps = told.flatMap((one) => [stepOf(one), ...commandSteps(one, standings)]);
  const traceId = traceIdOf(correlationId);
  return { correlationId, traceId, traceUrl: needs.traceUrl(traceId), items: steps, next };
};
