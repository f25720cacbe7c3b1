import { commandSubject, commandToMessage, done, eventFromMessage, retry, type Command, type HubEvent, type Settlement } from '#contract';
import type { Delivered, Outgoing, Published } from '#bus';
import { isManifestChange, isRedrive, redrivenCommand } from './operator-events.ts';

type Needs = {
  /** Must run before the events behind a change of the manifest are routed. */
  refreshRoutes(): Promise<void>;
  /** The commands that the routes in force at the event's place make of it. */
  plan(event: HubEvent): Promise<Command[]>;
  publish(messages: Outgoing[]): Promise<Published[]>;
  /** Runs one event's routing as its span, and answers the `traceparent` that its commands carry. `again`: a rewind published it. */
  traced<T>(event: HubEvent, again: boolean, work: (traceparent: string) => Promise<T>): Promise<T>;
};

const QUEUE_FULL_RETRY_MS = 2_000;

const toOutgoing = (command: Command): Outgoing => ({
  ...commandToMessage(command),
  subject: commandSubject(command),
  // A command that an operator sent again is not a twin of its first issue.
  msgId: command.redrive > 0 ? `${command.id}:${command.redrive}` : command.id,
});

const commandsOf = async (needs: Needs, event: HubEvent): Promise<Command[]> => {
  if (isRedrive(event)) return [redrivenCommand(event)];
  return needs.plan(event);
};

const planOne = async (needs: Needs, message: Delivered): Promise<Outgoing[]> => {
  const event = eventFromMessage(message);
  if (isManifestChange(event)) await needs.refreshRoutes();
  const again = message.headers['nats-msg-id']?.startsWith(`${event.id}:`) ?? false;
  return needs.traced(event, again, async (traceparent) => {
    const commands = await commandsOf(needs, event);
    return commands.map((command) => toOutgoing({ ...command, traceparent }));
  });
};

/**
 * Turns events into commands, in order. Safe to run twice: every command's id is derived from its event.
 * An event whose queue is full comes back later; the others are not held up by it.
 */
export const routeEvents = (needs: Needs) => async (messages: Delivered[]): Promise<Settlement[]> => {
  const plans: Outgoing[][] = [];
  for (const message of messages) plans.push(await planOne(needs, message));
  const published = await needs.publish(plans.flat());
  let next = 0;
  return plans.map((plan) => {
    const answers = published.slice(next, (next += plan.length));
    return answers.some((answer) => answer.kind === 'full') ? retry(QUEUE_FULL_RETRY_MS, 'queue full') : done();
  });
};

export type RouteEvents = ReturnType<typeof routeEvents>;
