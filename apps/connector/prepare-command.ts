import { isHubError, isSealed, type Command, type OpenCommand } from '#contract';
import type { Unreadable, Withheld } from './attempt.ts';

/** A command whose call may be made. What its partner says of a person must not stay on record in the clear: `sealed` says that it was so. */
export type Prepared = { kind: 'ready'; command: OpenCommand; sealed: boolean };

type Needs = {
  /** Undefined when the key to its input was erased. */
  open(command: Command): Promise<OpenCommand | undefined>;
  /** Why nothing may be sent to whom this command is for; undefined when it may. */
  suppressed(command: OpenCommand): Promise<string | undefined>;
};

const ERASED = 'The person whom it was about was erased; its input cannot be read any more, and no call was made.';

const prepare = async (needs: Needs, command: Command): Promise<Prepared | Withheld> => {
  const opened = await needs.open(command);
  if (opened === undefined) return { kind: 'withheld', code: 'erased', message: ERASED };
  const why = await needs.suppressed(opened);
  return why === undefined ? { kind: 'ready', command: opened, sealed: isSealed(command) } : { kind: 'withheld', code: 'suppressed', message: why };
};

/** Opens a command for its call, unless the person it is about was erased, or wants no messages. Changes nothing; throws `log-unavailable`. */
export const prepareCommand = (needs: Needs) => async (command: Command): Promise<Prepared | Withheld | Unreadable> => {
  try {
    return await prepare(needs, command);
  } catch (error) {
    if (isHubError(error, 'sealed-unreadable')) return { kind: 'unreadable', message: error.message };
    throw error;
  }
};
