import type { HubEvent, LogPosition } from '#contract';
import type { LogWake } from './log-wake.ts';

/** How long an idle reader trusts that no wake-up was lost. */
const IDLE_POLL_MS = 1_000;
/** How soon to look again when something stands in the log but a running transaction hides it. */
const HIDDEN_POLL_MS = 3;
const MAX_BACKOFF_MS = 5_000;

export type TailNeeds = {
  read(after: LogPosition, limit: number): Promise<HubEvent[]>;
  beyond(after: LogPosition): Promise<boolean>;
  wake: Pick<LogWake, 'wait' | 'nudge'>;
  /** Where this reader left off. Asked again after every failure. */
  position(): Promise<LogPosition>;
  /** Handles events in order and remembers the last one's place. Must be safe to run twice with the same batch. */
  handle(batch: HubEvent[]): Promise<void>;
  onError(error: unknown): void;
  batchSize: number;
};

export type LogTail = {
  /** Reads from this place on, once the batch at hand is done. */
  moveTo(position: LogPosition): void;
  /** Whether `moveTo` was called since the batch at hand was read. */
  moving(): boolean;
  /** Ends after the batch at hand. */
  stop(): Promise<void>;
};

/** Follows the log in order, forever: read, handle, remember. Failures are reported, then tried again with growing pauses. */
export const startTail = (needs: TailNeeds): LogTail => {
  let stopped = false;
  let move: LogPosition | undefined;
  let after: LogPosition | undefined;
  let failures = 0;

  const step = async (): Promise<void> => {
    if (move !== undefined) [after, move] = [move, undefined];
    after ??= await needs.position();
    const batch = await needs.read(after, needs.batchSize);
    const last = batch.at(-1);
    if (last !== undefined) {
      await needs.handle(batch);
      after = last.at;
    }
    failures = 0;
    if (batch.length === needs.batchSize || stopped || move !== undefined) return;
    await needs.wake.wait((await needs.beyond(after)) ? HIDDEN_POLL_MS : IDLE_POLL_MS);
  };

  const loop = async (): Promise<void> => {
    while (!stopped) {
      try {
        await step();
      } catch (error) {
        after = undefined;
        failures += 1;
        needs.onError(error);
        await needs.wake.wait(Math.min(MAX_BACKOFF_MS, 50 * 2 ** Math.min(failures, 7)));
      }
    }
  };
  const running = loop();
  return {
    moveTo: (position) => {
      move = position;
      needs.wake.nudge();
    },
    moving: () => move !== undefined,
    stop: async () => {
      stopped = true;
      needs.wake.nudge();
      await running;
    },
  };
};
