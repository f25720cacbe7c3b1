import type { Figure } from './figures.ts';

/** What every scenario is given. */
export type Bench = {
  /** Fewer and shorter rounds: shows that everything works, not how fast it is. */
  quick: boolean;
  say(line: string): void;
  /** A folder on a real disk for the servers' data. Removed at the end. */
  folder: string;
  /** Where rooms leave a CPU profile each when they stop; undefined: nowhere. */
  profiles?: string;
  /** Everything that a scenario started, ended in reverse order when it is over or the run is broken off. */
  started: AsyncDisposableStack;
};

export type Scenario = {
  name: string;
  about: string;
  run(bench: Bench): Promise<Figure[]>;
};

/** Hands over something that runs, and makes sure that it is stopped. */
export const stopLater = <T extends { stop(): Promise<unknown> }>(bench: Bench, running: T): T => {
  bench.started.defer(async () => void (await running.stop()));
  return running;
};

/** `n` in the full run, `few` in the quick one. */
export const fullOrQuick = ({ quick }: Bench, n: number, few: number): number => (quick ? few : n);
