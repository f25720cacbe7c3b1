import { PartnerFailure } from '#partner-kit';
import { hideQuotes } from '#vault';
import type { Attempt } from './attempt.ts';
import type { Prepared } from './prepare-command.ts';

const hideIn = (attempt: Attempt, input: unknown): Attempt => {
  switch (attempt.kind) {
    case 'performed': {
      const { reference } = attempt.performed;
      return reference === undefined ? attempt : { ...attempt, performed: { ...attempt.performed, reference: hideQuotes(reference, input) } };
    }
    case 'failed': {
      const { failureClass, code, message, details } = attempt.failure;
      return { ...attempt, failure: new PartnerFailure(failureClass, code, hideQuotes(message, input), details) };
    }
    case 'refused':
    case 'unknown':
      return { ...attempt, message: hideQuotes(attempt.message, input) };
    default:
      return attempt;
  }
};

/** An attempt as it may go on record, to logs and to traces: partners quote what they were sent, and that may be about a person. */
export const hidePersons = (attempt: Attempt, { command, sealed }: Prepared): Attempt => (sealed ? hideIn(attempt, command.input) : attempt);
