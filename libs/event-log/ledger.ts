import { HubError, type Command, type CommandState, type HubEvent, type NewEvent } from '#contract';
import type { Database } from './database.ts';
import { toColumns, toEvent, type ReadRow } from './event-rows.ts';
import { meterBatches, meterFailure } from './meter-log.ts';
import { microBatch } from './micro-batch.ts';
import { asOutage, isAboutContent } from './outages.ts';
import { loadStatement, run } from './statement.ts';

const CLAIM = loadStatement('claim-commands', import.meta.url);
const STANDING = loadStatement('find-standing', import.meta.url);
const SETTLE = loadStatement('settle-commands', import.meta.url);
const ORIGINALS = loadStatement('find-originals', import.meta.url);
const BEHIND = loadStatement('find-event-behind', import.meta.url);

/**
 * `claimed`: ours, for this attempt; `takenOver` means that an earlier attempt ended without anyone knowing its result.
 * `settled`: nothing is left to do. `busy`: leased elsewhere or waiting for its time; ask again after `waitMs`.
 */
export type Claim =
  | { kind: 'claimed'; attempt: number; spent: number; takenOver: boolean }
  | { kind: 'settled'; state: CommandState }
  | { kind: 'busy'; waitMs: number };

/** What an attempt came to: the ledger's new state and the fact, recorded together or not at all. */
export type Outcome = {
  commandId: string;
  attempt: number;
  state: Exclude<CommandState, 'running' | 'released'>;
  /** RFC 3339 UTC; with `waiting`. */
  nextAttemptAt?: string;
  failure?: { class: string; code: string; message: string };
  /** 1 when this attempt does not count towards the limit: the partner asked us to wait, or was not called. */
  refund: 0 | 1;
  event: NewEvent;
};

export type CommandLedger = {
  /** Takes a command for one attempt, for `leaseMs`. Concurrent callers share one statement. Throws `log-unavailable`. */
  claim(command: Command): Promise<Claim>;
  /** Records an outcome. False when another process took the command over meanwhile; then nothing was recorded. */
  settle(outcome: Outcome): Promise<boolean>;
  /** The sealed event that a command in hand came of; undefined when it names nobody, was dropped, or another process has the command. Throws `log-unavailable`. */
  eventBehind(commandId: string): Promise<HubEvent | undefined>;
};

const SETTLED: readonly CommandState[] = ['succeeded', 'dead', 'expired', 'skipped', 'uncertain'];

const claimColumns = (commands: readonly Command[]): unknown[] => [
  commands.map((c) => c.id),
  commands.map((c) => c.partner),
  commands.map((c) => c.integration),
  commands.map((c) => c.action),
  commands.map((c) => c.lane),
  commands.map((c) => c.tenant),
  commands.map((c) => c.route),
  commands.map((c) => c.target),
  commands.map((c) => c.eventId),
  commands.map((c) => c.correlationId),
  commands.map((c) => c.deadline),
  commands.map((c) => c.redrive),
];

type ClaimRow = { id: string; attempts: number; spent: number; taken_over: boolean };
type StandingRow = { id: string; state: CommandState; wait_ms: number | null };

const standingOf = (row: StandingRow | undefined, leaseMs: number): Claim => {
  if (row === undefined) return { kind: 'busy', waitMs: 100 };
  if (SETTLED.includes(row.state)) return { kind: 'settled', state: row.state };
  return { kind: 'busy', waitMs: Math.min(row.wait_ms ?? leaseMs, 24 * 3_600_000) + 20 };
};

const claimBatch = async (db: Database, owner: string, leaseMs: number, commands: Command[]): Promise<Claim[]> => {
  // A redelivery can meet its twin in one batch: only the first of them asks.
  const distinct = [...new Map(commands.map((command) => [command.id, command])).values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  const claimed = await run<ClaimRow>(db.pool, CLAIM, [...claimColumns(distinct), owner, leaseMs]);
  const ours = new Map(claimed.rows.map((row) => [row.id, row]));
  const others = new Map<string, StandingRow>();
  if (ours.size < distinct.length) {
    const ids = distinct.filter((command) => !ours.has(command.id)).map((command) => command.id);
    for (const row of (await run<StandingRow>(db.pool, STANDING, [ids])).rows) others.set(row.id, row);
  }
  return commands.map((command) => {
    const row = ours.get(command.id);
    ours.delete(command.id);
    if (row === undefined) return standingOf(others.get(command.id), leaseMs);
    return { kind: 'claimed', attempt: row.attempts, spent: row.spent, takenOver: row.taken_over };
  });
};

const settleBatch = async (db: Database, owner: string, outcomes: Outcome[]): Promise<boolean[]> => {
  const values = [
    outcomes.map((o) => o.commandId),
    outcomes.map((o) => o.attempt),
    outcomes.map((o) => o.state),
    outcomes.map((o) => o.nextAttemptAt ?? null),
    outcomes.map((o) => (o.failure === undefined ? null : JSON.stringify(o.failure))),
    owner,
    ...toColumns(outcomes.map((o) => o.event)),
    outcomes.map((o) => o.commandId),
    outcomes.map((o) => o.refund),
  ];
  const recorded = new Set((await run<{ id: string }>(db.pool, SETTLE, values)).rows.map((row) => row.id));
  const missing = outcomes.filter((o) => !recorded.has(o.event.id)).map((o) => o.event.id);
  // Either somebody else took it over, or an earlier try of this very write was committed and its answer lost.
  if (missing.length > 0) for (const row of (await run<{ id: string }>(db.pool, ORIGINALS, [missing])).rows) recorded.add(row.id);
  return outcomes.map((o) => recorded.has(o.event.id));
};

/** `owner` names this process; `leaseMs` must be longer than any call may take. */
export const openCommandLedger = (db: Database, options: { owner: string; leaseMs: number }): CommandLedger => {
  const limits = {
    maxItems: 250,
    maxWaiting: 10_000,
    whenFull: () => new HubError('log-unavailable', 'The commands ledger has more waiting than it can write.'),
    isAboutContent,
  };
  const guarded = async <T>(work: Promise<T>): Promise<T> =>
    work.catch((error) => {
      const outage = asOutage(error);
      meterFailure(outage);
      throw outage;
    });
  return {
    claim: microBatch({ ...limits, written: meterBatches('claim'), flush: (commands: Command[]) => guarded(claimBatch(db, options.owner, options.leaseMs, commands)) }),
    settle: microBatch({ ...limits, written: meterBatches('settle'), flush: (outcomes: Outcome[]) => guarded(settleBatch(db, options.owner, outcomes)) }),
    eventBehind: async (commandId) => (await guarded(run<ReadRow>(db.pool, BEHIND, [commandId, options.owner]))).rows.map(toEvent)[0],
  };
};
