import type { FailureClass } from './failure.ts';
import type { IdentifierRule } from './personal.ts';

/** How soon a command is served: `high` has a person waiting, `low` is media and replays. */
export const LANES = ['high', 'normal', 'low'] as const;
export type Lane = (typeof LANES)[number];

/** What is known of work to be done once, without its input. */
export type CommandFacts = {
  id: string;
  partner: string;
  integration: string;
  action: string;
  lane: Lane;
  tenant: string;
  route: string;
  target: string;
  eventId: string;
  correlationId: string;
  traceparent?: string;
  hops: number;
  /** RFC 3339 UTC. After `deadline` the command expires and no call is made. */
  issuedAt: string;
  deadline: string;
  /** 0 for the first issue; counts the times an operator sent it again. */
  redrive: number;
  /** The `traceparent` of the newest redrive; absent on the first issue, and when the console made no span. */
  redrivenBy?: string;
  /** Set when the event could not be mapped: the connector dead-letters it with this cause and makes no call. */
  defect?: { code: string; message: string };
  /** Where the input names whom it goes to, as the target declares; beside what the action itself knows. */
  recipients?: IdentifierRule[];
};

/** A command that can be carried out: `input` is the mapped JSON value that the partner's action takes. */
export type OpenCommand = CommandFacts & { input: unknown };

/** A command made of a sealed event: `input` is the sealed JSON in base64, for the same subjects. */
export type SealedCommand = CommandFacts & { sealed: { subjects: string[]; input: string } };

/** Work to be done once, as it stands in the queue and on record. */
export type Command = OpenCommand | SealedCommand;

export const isSealed = (command: Command): command is SealedCommand => 'sealed' in command;

/** What a command's attempt came to; each is an event `command.<name>`. */
export const COMMAND_OUTCOMES = ['succeeded', 'retrying', 'dead-lettered', 'expired', 'skipped', 'uncertain'] as const;
export type CommandOutcome = (typeof COMMAND_OUTCOMES)[number];

/** Where a command stands in the ledger. */
export const COMMAND_STATES = ['running', 'waiting', 'released', 'succeeded', 'dead', 'expired', 'skipped', 'uncertain'] as const;
export type CommandState = (typeof COMMAND_STATES)[number];

/** States in which nothing further happens unless an operator asks for it. */
export const TERMINAL_STATES: readonly CommandState[] = ['succeeded', 'dead', 'expired', 'skipped', 'uncertain'];

/** The data of a `command.*` event (`application/json`). */
export type CommandReport = {
  commandId: string;
  action: string;
  route: string;
  target: string;
  lane: Lane;
  attempt: number;
  redrive: number;
  durationMs: number;
  /** False when the attempt ended before anything was asked of the partner; absent when it was. */
  called?: false;
  /** What the partner answered, short enough to read: an HTTP status and its own reference, if it gave one. */
  answer?: { status?: number; reference?: string };
  failure?: { class: FailureClass; code: string; message: string };
  /** RFC 3339 UTC; with `retrying` only. */
  nextAttemptAt?: string;
  /** The command itself, so that it can be issued again; with `dead-lettered`, `expired` and `uncertain` only. */
  command?: Command;
};
