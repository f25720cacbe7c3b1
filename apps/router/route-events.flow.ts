import { HubError, commandSubject, commandToMessage, done, eventFromMessage, retry, type Command, type HubEvent, type OpenCommand, type Settlement } from '#contract';
import type { Delivered, Outgoing, Published } from '#bus';
import type { Opened } from '#vault';
import { isManifestChange, isRedrive, redrivenCommand } from './operator-events.ts';

type Needs = {
  /** Must run before the events behind a change of the manifest are routed. */
  refreshRoutes(): Promise<void>;
  /** Each event as it can be read; undefined for one that was erased, the reason for one that cannot be opened. */
  open(events: readonly HubEvent[]): Promise<(Opened<HubEvent> | HubError | undefined)[]>;
  /** Told of an event that cannot be opened, each time that it comes. */
  unreadable(eventId: string, why: HubError): void;
  /** The commands that the routes in force at the event's place make of it. */
  plan(event: HubEvent): Promise<OpenCommand[]>;
  /** A command as it may lie in the queue: of a sealed event, sealed too. */
  seal(command: OpenCommand, opened: Opened<HubEvent>): Command;
  publish(messages: Outgoing[]): Promise<Published[]>;
  /** Runs one event's routing as its span, and answers the `traceparent` that its commands carry. `again`: a rewind published it. */
  traced<T>(event: HubEvent, again: boolean, work: (traceparent: string) => Promise<T>): Promise<T>;
};

const QUEUE_FULL_RETRY_MS = 2_000;
/** Until somebody gave the key back. */
const UNREADABLE_RETRY_MS = 60_000;

const toOutgoing = (command: Command): Outgoing => ({
  ...commandToMessage(command),
  subject: commandSubject(command),
  // A command that an operator sent again is not a twin of its first issue.
  msgId: command.redrive > 0 ? `${command.id}:${command.redrive}` : command.id,
});

const commandsOf = async (needs: Needs, opened: Opened<HubEvent>): Promise<Command[]> => {
  if (isRedrive(opened.event)) return [redrivenCommand(opened.event)];
  return (await needs.plan(opened.event)).map((command) => needs.seal(command, opened));
};

const planOne = async (needs: Needs, message: Delivered, opened: Opened<HubEvent> | undefined): Promise<Outgoing[]> => {
  if (opened === undefined) return [];
  const { event } = opened;
  if (isManifestChange(event)) await needs.refreshRoutes();
  const again = message.headers['nats-msg-id']?.startsWith(`${event.id}:`) ?? false;
  return needs.traced(event, again, async (traceparent) => {
    const commands = await commandsOf(needs, opened);
    return commands.map((command) => toOutgoing({ ...command, traceparent }));
  });
};

/**
 * Turns events into commands, in order. Safe to run twice: every command's id is derived from its event.
 * An event whose queue is full, or that cannot be opened, comes back later; the others are not held up by it. Nothing follows from one that was erased.
 */
export const routeEvents = (needs: Needs) => async (messages: Delivered[]): Promise<Settlement[]> => {
  const plans: (Outgoing[] | HubError)[] = [];
  const events = messages.map(eventFromMessage);
  const opened = await needs.open(events);
  for (const [at, message] of messages.entries()) {
    const one = opened[at];
    if (one instanceof HubError) needs.unreadable(events[at]!.id, one);
    plans.push(one instanceof HubError ? one : await planOne(needs, message, one));
  }
  const published = await needs.publish(plans.flatMap((plan) => (plan instanceof HubError ? [] : plan)));
  let next = 0;
  return plans.map((plan) => {
    if (plan instanceof HubError) return retry(UNREADABLE_RETRY_MS, plan.message);
    const answers = published.slice(next, (next += plan.length));
    return answers.some((answer) => answer.kind === 'full') ? retry(QUEUE_FULL_RETRY_MS, 'queue full') : done();
  });
};

export type RouteEvents = ReturnType<typeof routeEvents>;
