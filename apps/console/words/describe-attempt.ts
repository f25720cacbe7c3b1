import type { CommandOutcome } from '#contract';
import type { AttemptView } from '#read-models';

type Attempt = Pick<AttemptView, 'attempt' | 'durationMs' | 'answer' | 'failure' | 'nextAttemptAt'> & { outcome: CommandOutcome };

const answered = ({ answer, durationMs }: Attempt): string => {
  const parts = [`${Math.round(durationMs ?? 0)} ms`];
  if (answer?.status !== undefined) parts.push(`HTTP ${answer.status}`);
  if (answer?.reference !== undefined) parts.push(`the partner calls it ${answer.reference}`);
  return parts.join(', ');
};

const because = ({ failure }: Attempt): string => (failure === undefined ? '' : ` ${failure.code}: ${failure.message.replace(/\.?$/, '.')}`);

/** Codes of commands for which no call was made, for a person’s sake. */
const WITHHELD = ['erased', 'suppressed'];

const WORDS: Record<CommandOutcome, (attempt: Attempt) => string> = {
  succeeded: (attempt) => `succeeded (${answered(attempt)}).`,
  retrying: (attempt) => `failed.${because(attempt)} The next attempt is due at ${attempt.nextAttemptAt ?? 'a time not recorded'}.`,
  'dead-lettered': (attempt) => `failed for good.${because(attempt)} It waits among the dead letters.`,
  expired: (attempt) => `was the last: no other could be made before the deadline.${because(attempt)}`,
  skipped: (attempt) =>
    WITHHELD.includes(attempt.failure?.code ?? '') ? `was not made.${because(attempt)}` : `was answered in a way that nobody can read; most likely it took effect, and it is not repeated.${because(attempt)}`,
  uncertain: (attempt) => `ended without anybody knowing whether it took effect.${because(attempt)} A person decides whether to send it again.`,
};

/** What an attempt came to, in one or two sentences. */
export const describeAttempt = (attempt: Attempt): string => `Attempt ${attempt.attempt} ${WORDS[attempt.outcome](attempt)}`;
