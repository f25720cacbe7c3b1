import type { HubEvent } from '#contract';
import { PartnerFailure } from '#partner-kit';
import { hideQuotes } from '#vault';
import type { Attempt } from './attempt.ts';
import type { Prepared } from './prepare-command.ts';

type Needs = {
  /** The event that a command came of, opened; undefined when it is not there any more. */
  eventBehind(commandId: string): Promise<HubEvent | undefined>;
};

type Hide = (words: string) => string;

const hideIn = (attempt: Attempt, hide: Hide): Attempt => {
  switch (attempt.kind) {
    case 'performed': {
      const { reference } = attempt.performed;
      return reference === undefined ? attempt : { ...attempt, performed: { ...attempt.performed, reference: hide(reference) } };
    }
    case 'failed': {
      const { failureClass, code, message, details } = attempt.failure;
      return { ...attempt, failure: new PartnerFailure(failureClass, code, hide(message), details) };
    }
    case 'refused':
    case 'unknown':
      return { ...attempt, message: hide(attempt.message) };
    default:
      return attempt;
  }
};

/** What partners call a thing that they made. */
const PLAIN_REFERENCE = /^[\w.-]{1,64}$/;

/** A partner's own id of what it made says nothing about anybody; anything it says in words may. */
const saysMore = (attempt: Attempt): boolean => attempt.kind !== 'performed' || !PLAIN_REFERENCE.test(attempt.performed.reference ?? '-');

const LEFT_OUT: Hide = () => 'What was said is left out: it may be about a person, and the log cannot be asked now.';

/**
 * An attempt as it may go on record, to logs and to traces. Partners quote what they were sent, and say more of a person than that:
 * where a command was sealed, the words of its input and of the event that it came of do not stay. Never throws.
 */
export const hidePersons = (needs: Needs) => async (attempt: Attempt, { command, sealed }: Prepared): Promise<Attempt> => {
  if (!sealed) return attempt;
  if (!saysMore(attempt)) return hideIn(attempt, (words) => hideQuotes(words, command.input));
  try {
    const event = await needs.eventBehind(command.id);
    return hideIn(attempt, (words) => hideQuotes(words, [command.input, event?.data, event?.headers]));
  } catch {
    return hideIn(attempt, LEFT_OUT);
  }
};
