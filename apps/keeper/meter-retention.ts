import type { LogKeeping } from '#event-log';
import { METRICS, observe } from '#telemetry';
import type { Held } from './retire-segments.flow.ts';

const reasonOf = (by: string): string => by.split(' ', 1)[0]!;

/** Tells how old the log is and what is held back whenever metrics are looked at, until the returned function is called. */
export const meterRetention = (log: LogKeeping, held: () => readonly Held[]): (() => void) => {
  const stops = [
    observe(async (put) => {
      for (const [category, ageS] of await log.oldest()) put(METRICS.keeperOldestEvent, { category }, Math.max(0, ageS));
    }),
    observe((put) => {
      const groups = Map.groupBy(held(), ({ segment, by }) => `${segment.category} ${reasonOf(by)}`);
      for (const [group, all] of groups) {
        const [category, reason] = group.split(' ') as [string, string];
        put(METRICS.keeperHeld, { category, reason }, all.length);
        put(METRICS.keeperHeldSeconds, { category, reason }, Math.max(...all.map(({ segment }) => (segment.heldMs ?? 0) / 1_000)));
      }
    }),
  ];
  return () => stops.forEach((stop) => stop());
};
