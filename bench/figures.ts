/** What several rounds gave. */
export type Spread = { median: number; min: number; max: number; rounds: number[] };

export type Unit = '/s' | 'ms' | 'µs' | 'MB';

export type Target = { text: string; met: boolean };

/** One line of the table. */
export type Figure = {
  name: string;
  unit: Unit;
  ours: Spread;
  /** What it is compared with, measured in the same rounds. */
  against?: Spread & { name: string };
  target?: Target;
  /** What bounds it, or what else a reader should know. */
  notes?: string[];
};

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
};

export const spread = (rounds: readonly number[]): Spread => ({ median: median(rounds), min: Math.min(...rounds), max: Math.max(...rounds), rounds: [...rounds] });

/**
 * How many times that of the other ours is: the median of the rounds' own ratios, because what the machine does meets both in a round;
 * where they had different rounds, the ratio of the medians.
 */
export const ratioOf = ({ ours, against }: Pick<Figure, 'ours' | 'against'>): number | undefined => {
  if (against === undefined) return undefined;
  if (ours.rounds.length !== against.rounds.length) return ours.median / against.median;
  return median(ours.rounds.map((one, i) => one / against.rounds[i]!));
};

/** Reached when the median is at least so many times that of the other. */
export const atLeast = (times: number, figure: Figure): Figure => ({ ...figure, target: { text: `≥ ${times}×`, met: ratioOf(figure)! >= times } });

/** Reached when the median is at most so many times that of the other. */
export const atMost = (times: number, figure: Figure): Figure => ({ ...figure, target: { text: `≤ ${times}×`, met: ratioOf(figure)! <= times } });

/** Reached when the median stays below this. */
export const below = (limit: number, figure: Figure): Figure => ({ ...figure, target: { text: `< ${limit} ${figure.unit}`, met: figure.ours.median < limit } });
