import { HubError, traceIdOf, type CommandOutcome, type HubEvent, type LogPosition } from '#contract';
import { readReport, type FlowEvent, type Page, type PageRequest, type Standing } from '#read-models';
import type { RouteTable } from '#routing';
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
  followUps(table: RouteTable, event: HubEvent): FollowUp[];
  standings(ids: string[]): Promise<Map<string, Standing>>;
  /** Where a person sees a trace; undefined when nobody said. */
  traceUrl(traceId: string): string | undefined;
};

const factOf = (event: FlowEvent): TimelineStepView => ({
  kind: 'event',
  at: event.recordedAt,
  words: describeEvent(event),
  eventId: event.id,
  partner: event.partner,
  integration: event.integration,
  type: event.type,
});

/** An event as a step: an attempt where it reports one, else a fact. */
const stepOf = (event: FlowEvent): TimelineStepView => {
  const report = event.type.startsWith('command.') && event.data !== undefined ? readReport(event.data) : undefined;
  if (report === undefined) return factOf(event);
  const { commandId, action, route, target, attempt, durationMs, answer, failure, nextAttemptAt } = report;
  const outcome = event.type.slice('command.'.length) as CommandOutcome;
  const words = `${event.partner}/${event.integration} ${action}: ${describeAttempt({ attempt, durationMs, answer, failure, nextAttemptAt, outcome })}`;
  return { ...factOf(event), kind: 'attempt', words, commandId, action, route, target, attempt, outcome, durationMs, answer, failure, nextAttemptAt };
};

const commandStep = (event: FlowEvent, next: FollowUp, standing: Standing | undefined): TimelineStepView => {
  const stands = standing ?? { state: 'none' as const, attempts: 0 };
  const words = `Route ${next.route} asks ${next.partner}/${next.integration} to ${next.action} (${next.target}). ${describeCommand(stands)}`;
  return { kind: 'command', at: event.recordedAt, eventId: event.id, words, ...next, state: stands.state };
};

const followUpsOf = async (needs: Needs, event: FlowEvent): Promise<FollowUp[]> => {
  const inForce = await needs.routesAt(event.at);
  if (inForce === undefined) return [];
  const whole = event.data === undefined ? await needs.find(event.id) : { ...event, data: event.data };
  return whole === undefined ? [] : needs.followUps(inForce.table, whole);
};

/** Tells one flow in order: what was recorded, which commands followed, what each attempt came to. Throws `not-found` for a flow without events. */
export const tellTimeline = (needs: Needs) => async (correlationId: string, page: PageRequest): Promise<TimelineView> => {
  const { items, next } = await needs.timeline(correlationId, page);
  if (items.length === 0 && page.after === undefined) {
    throw new HubError('not-found', `No event of flow ${correlationId} is in the read models. A new one shows within a second; else look under /v1/events.`);
  }
  const told: { event: FlowEvent; followUps: FollowUp[] }[] = [];
  // One body in hand at a time.
  for (const event of items) told.push({ event, followUps: await followUpsOf(needs, event) });
  const standings = await needs.standings(told.flatMap(({ followUps }) => followUps.map((one) => one.commandId)));
  const steps = told.flatMap(({ event, followUps }) => [stepOf(event), ...followUps.map((one) => commandStep(event, one, standings.get(one.commandId)))]);
  const traceId = traceIdOf(correlationId);
  return { correlationId, traceId, traceUrl: needs.traceUrl(traceId), items: steps, next };
};
