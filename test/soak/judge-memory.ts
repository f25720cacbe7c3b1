import { percentile } from './percentile.ts';

/** What one room's memory did, in MB (10⁶ bytes). */
export type MemoryVerdict = { room: string; secondQuarter: number; lastQuarter: number; allowed: number; flat: boolean };

/** The last quarter may be this much above the second one. The first is warming up. */
export const TOLERANCE = { share: 0.1, mb: 10 };

const median = (values: readonly number[]): number => percentile(values, 0.5) ?? Number.NaN;

const judge = (room: string, samples: readonly number[]): MemoryVerdict => {
  const quarter = Math.floor(samples.length / 4);
  const [secondQuarter, lastQuarter] = [median(samples.slice(quarter, 2 * quarter)), median(samples.slice(-quarter || samples.length))];
  const allowed = secondQuarter * (1 + TOLERANCE.share) + TOLERANCE.mb;
  return { room, secondQuarter, lastQuarter, allowed, flat: lastQuarter <= allowed };
};

/** Compares each room's median in the last quarter of its samples with that in the second. Needs at least four samples: with fewer, no room counts as flat. */
export const judgeMemory = (samples: ReadonlyMap<string, readonly number[]>): MemoryVerdict[] => [...samples].map(([room, values]) => judge(room, values));
