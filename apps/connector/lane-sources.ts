import { STREAMS, LANES, laneSubject, type IntegrationSpec } from '#contract';
import type { Source } from '#bus';
import type { Account } from './accounts.ts';
import { COMMANDS_PATTERN } from './command.consumer.ts';

/** Enough in hand that a slot never waits for the network, and no more. */
const PREFETCH = 2;

type Needs = {
  account(integration: string): Account | undefined;
  /** Nothing is taken on that could not be recorded. */
  logReady(): boolean;
  ackWaitMs: number;
};

const isOpen = (account: Account | undefined): boolean =>
  account !== undefined && account.shut === undefined && account.gate.closed() === undefined;

/**
 * One consumer per account and lane, so that an account that waits holds up nobody else.
 * While it is shut, its gate closed or the log away, nothing is asked for: its commands stay in the queue and spend no attempt.
 */
export const laneSources = ({ partner, name, limits }: IntegrationSpec, needs: Needs): Source[] =>
  LANES.map((lane) => {
    const subject = laneSubject(partner, lane, name);
    const inFlight = limits.concurrency * PREFETCH;
    return {
      key: `${subject}:${inFlight}`,
      pattern: COMMANDS_PATTERN,
      stream: STREAMS.commandsOf(partner),
      durable: `connector-${partner}-${lane}-${name}`,
      filters: [subject],
      coarseFilter: subject,
      batch: 1,
      inFlight,
      ackWaitMs: needs.ackWaitMs,
      maxAckPending: 20_000,
      open: () => needs.logReady() && isOpen(needs.account(name)),
    };
  });
