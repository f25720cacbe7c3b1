import type { Identifier, OpenCommand } from '#contract';
import { readIdentifiers, type Action } from '#partner-kit';

type Needs = {
  action(name: string): Action | undefined;
  /** The kind of the first of these who wants no messages. */
  suppressed(recipients: readonly Identifier[], command: OpenCommand): Promise<string | undefined>;
};

/** Looks whether anybody to whom a command goes wants no messages, and says so in words. Asks nobody where neither action nor target names recipients. */
export const checkRecipients = ({ action, suppressed }: Needs) => async (command: OpenCommand): Promise<string | undefined> => {
  const rules = [...(action(command.action)?.recipients ?? []), ...(command.recipients ?? [])];
  const recipients = rules.length === 0 ? [] : readIdentifiers(rules, command.input);
  const kind = recipients.length === 0 ? undefined : await suppressed(recipients, command);
  return kind && `A recipient (by ${kind}) wants no messages; no call was made. If they want them again, take them off the list and send the command again.`;
};
