import { CARRIED, HubError, commandId, hopsOf, isHubError, type OpenCommand, type HubEvent } from '#contract';
import type { Target } from './build-route-table.ts';
import type { Match } from './match-routes.ts';
import type { EventDocument } from './event-document.ts';
import { messageOf } from './json.ts';
import { plainJson } from './plain-json.ts';

/** How many commands may follow one another from one webhook; a loop that no check foresaw ends here. */
export const HOP_LIMIT = 16;

/** What an event leads to, and what it does not although a route matched. */
export type Plan = { commands: OpenCommand[]; skipped: Skipped[] };

export type Skipped = { route: string; target: string; reason: 'hop-limit'; message: string };

type Planned = { match: Match; target: Target };

type Mapped = Pick<OpenCommand, 'input' | 'defect'>;

const wholeBody = (document: EventDocument): unknown => {
  try {
    return plainJson(document.input());
  } catch (thrown) {
    throw new HubError('mapping-failed', `The body cannot be passed on: ${messageOf(thrown)}`, { cause: thrown });
  }
};

/** A target that cannot be mapped becomes a command with a defect, so that it is dead-lettered and seen. */
const mapInput = async (target: Target, document: EventDocument): Promise<Mapped> => {
  try {
    const mapping = target.mapping();
    return { input: mapping === undefined ? wholeBody(document) : await mapping.evaluate(document.forMappings()) };
  } catch (error) {
    if (!isHubError(error)) throw error;
    return { input: null, defect: { code: 'mapping-failed', message: error.message } };
  }
};

const buildCommand = (event: HubEvent, { match, target }: Planned, mapped: Mapped, now: Date): OpenCommand => ({
  id: commandId(event.id, match.route.spec.name, target.spec.name),
  partner: target.partner,
  integration: target.integration,
  action: target.action,
  lane: target.spec.lane,
  tenant: event.tenant,
  route: match.route.spec.name,
  target: target.spec.name,
  eventId: event.id,
  correlationId: event.correlationId,
  traceparent: event.headers[CARRIED.traceparent],
  hops: hopsOf(event) + 1,
  issuedAt: now.toISOString(),
  deadline: new Date(now.getTime() + target.spec.deadlineMs).toISOString(),
  redrive: 0,
  ...(target.spec.recipients !== undefined && { recipients: target.spec.recipients }),
  ...mapped,
});

const skip = (match: Match, target: Target): Skipped => ({
  route: match.route.spec.name,
  target: target.spec.name,
  reason: 'hop-limit',
  message: `This flow already went through ${HOP_LIMIT} commands one after another; its routes lead back to themselves.`,
});

/**
 * One command for each target of each match. Safe to run twice: ids are derived from event, route and target.
 * A target whose mapping fails gets `defect` and disturbs no other.
 */
export const planCommands = async (event: HubEvent, matches: readonly Match[], now: Date): Promise<Plan> => {
  const plan: Plan = { commands: [], skipped: [] };
  const spent = hopsOf(event) >= HOP_LIMIT;
  for (const match of matches) {
    for (const target of match.route.targets) {
      if (spent) plan.skipped.push(skip(match, target));
      else plan.commands.push(buildCommand(event, { match, target }, await mapInput(target, match.document), now));
    }
  }
  return plan;
};
