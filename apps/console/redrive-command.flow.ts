import { HubError, type Acting } from '#contract';
import type { RedriveRequest } from '#event-log';
import type { CommandView } from '#read-models';
import type { RedriveView } from './views/dead-letter.view.ts';

type Needs = {
  find(id: string): Promise<CommandView | undefined>;
  redrive(request: RedriveRequest): Promise<{ eventId: string; redrive: number; correlationId: string }>;
  /** Runs the work inside a span of the command's own flow. */
  traced<T>(command: CommandView, work: (traceparent: string) => Promise<T>): Promise<T>;
  now(): Date;
  by: Acting;
};

/** Sends a command that was set aside again, and puts on record who asked. Throws `not-found` and `not-redrivable`. */
export const redriveCommand = (needs: Needs) => async (commandId: string): Promise<RedriveView> => {
  const command = await needs.find(commandId);
  if (command === undefined) throw new HubError('not-found', `No connector has taken a command ${commandId}. Look it up under /v1/dead-letters.`);
  const request = { commandId, by: needs.by, at: needs.now().toISOString() };
  const answer = await needs.traced(command, (traceparent) => needs.redrive({ ...request, traceparent }));
  return { commandId, ...answer, words: `On its way again, for the ${ordinal(answer.redrive)} time. Follow it at /v1/timelines/${answer.correlationId}.` };
};

const ordinal = (number: number): string => {
  const last = number % 100 >= 11 && number % 100 <= 13 ? 0 : number % 10;
  return `${number}${['th', 'st', 'nd', 'rd'][last] ?? 'th'}`;
};
