import type { CommandCounts } from './count-commands.ts';
import type { PartnerTotals } from './watch-partners.ts';

type Needs = {
  totals(): Promise<PartnerTotals>;
  counts(): Promise<CommandCounts>;
  pause(ms: number): Promise<void>;
  now(): number;
  onLook(seen: { effects: number; settled: number }): void;
  stop: AbortSignal;
};

const LOOK_EVERY_MS = 100;
/** Retries come within half a second here, so whoever is silent for this long is not coming back. */
const SILENCE_MS = 30_000;
/** How long everything stays as it is before it counts as over: a late double would show in that time. */
const REST_MS = 500;

/**
 * Waits until the hub says of as many commands as are expected that they are settled, and then a little longer, so that a late
 * double is seen too; or until nothing at all has happened for 30 s. Whether the hub is right is for the partners' record to say.
 * Rejects with the signal's reason when stopping.
 */
export const untilAtRest = async ({ totals, counts, pause, now, onLook, stop }: Needs, expected: number): Promise<void> => {
  let [seen, sinceMs] = ['', now()];
  for (;;) {
    stop.throwIfAborted();
    const [{ calls, effects }, { settled, attempts, commands }] = await Promise.all([totals(), counts()]);
    onLook({ effects, settled });
    const look = [calls, effects, settled, attempts, commands].join();
    if (look !== seen) [seen, sinceMs] = [look, now()];
    const isDone = settled >= expected && settled === commands;
    if (now() - sinceMs >= (isDone ? REST_MS : SILENCE_MS)) return;
    await pause(LOOK_EVERY_MS);
  }
};
