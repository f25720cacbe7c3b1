import type { CommandState } from '#contract';

type Standing = { state: CommandState | 'none'; attempts: number; nextAttemptAt?: string; failure?: { code: string; message: string } };

const times = (count: number): string => (count === 1 ? 'one attempt' : `${count} attempts`);

const because = ({ failure }: Standing): string => (failure === undefined ? '' : ` The last failure was ${failure.code}: ${failure.message}`);

const WORDS: Record<CommandState | 'none', (standing: Standing) => string> = {
  none: () => 'On its way: no connector has taken it yet.',
  running: ({ attempts }) => `Under way: attempt ${attempts}.`,
  waiting: (standing) => `Waits for its next attempt${standing.nextAttemptAt === undefined ? '' : `, due at ${standing.nextAttemptAt}`}.${because(standing)}`,
  released: () => 'Sent again by an operator; no connector has taken it yet.',
  succeeded: ({ attempts }) => `Done after ${times(attempts)}.`,
  dead: (standing) => `Given up after ${times(standing.attempts)}; it can be sent again.${because(standing)}`,
  expired: () => 'Its deadline passed before it could be carried out; it can be sent again.',
  skipped: () => 'Left out on purpose; it can be sent again.',
  uncertain: () => 'Nobody knows whether it took effect. Look at the partner’s side, then send it again or leave it.',
};

/** Where a command stands, in one or two sentences. */
export const describeCommand = (standing: Standing): string => WORDS[standing.state](standing);
