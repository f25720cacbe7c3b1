import { HubError } from '#contract';
import type { AttemptView, CommandView } from '#read-models';
import type { CommandDetailView } from './views/command.view.ts';
import { describeAttempt } from './words/describe-attempt.ts';
import { describeCommand } from './words/describe-command.ts';

type Needs = {
  find(id: string): Promise<CommandView | undefined>;
  attempts(id: string, attempts: number): Promise<AttemptView[]>;
};

/** Shows one command with what each attempt came to. Throws `not-found`. */
export const showCommand = (needs: Needs) => async (id: string): Promise<CommandDetailView> => {
  const command = await needs.find(id);
  if (command === undefined) throw new HubError('not-found', `No connector has taken a command ${id}. See what follows from its event under /v1/events/{id}.`);
  const attempts = await needs.attempts(id, command.attempts);
  return { ...command, words: describeCommand(command), attemptsMade: attempts.map((attempt) => ({ ...attempt, words: describeAttempt(attempt) })) };
};
