import type { Queue } from '#bus';
import type { HeldSegment, ToldStanding, WebhookTally } from '#event-log';
import type { Budget, IntegrationStatus, ReaderLag, RecentCalls } from '#read-models';

/** One queue with work in it, and how long its oldest command has waited. */
export type QueueFact = Queue & { depth: number; oldestS: number };

/** What the hub knows of itself at one moment. What could not be found out is undefined, which is not the same as nothing. */
export type Facts = {
  /** Whether Postgres answered, and when it last did (ms since the epoch). */
  log: { answers: boolean; lastGoodMs: number | undefined };
  /** How far Postgres' clock is ahead of ours, in seconds. */
  skewS?: number;
  lags?: ReaderLag[];
  calls?: RecentCalls[];
  standings?: ToldStanding[];
  budgets?: Budget[];
  webhooks?: WebhookTally[];
  queues?: QueueFact[];
  routerWaiting?: number;
  statuses?: IntegrationStatus[];
  held?: HeldSegment[];
};

/** A condition that holds now. `what` is a sentence without its subject and its full stop. */
export type Trouble = { condition: string; subject: string; what: string; lastGoodAt?: string };
