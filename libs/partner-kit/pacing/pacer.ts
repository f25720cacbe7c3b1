import type { Lane } from '#contract';
import type { Clock } from './clock.ts';

/** Gives back what `acquire` took. */
export type Release = () => void;

export type Pacer = {
  /** Waits for a free call slot and for the rate limit; `high` goes before `normal` before `low`, first come first served within a lane. */
  acquire(lane: Lane): Promise<Release>;
  /** Calls that wait for their turn. */
  waiting(): number;
  /** Calls that have their turn and have not given it back. */
  running(): number;
};



const ORDER: readonly Lane[] = ['high', 'normal', 'low'];

/**
 * Limits how many calls run at once and how many begin per second (0: no limit). Beginnings are spread evenly,
 * with at most a tenth of a second's worth at once.
 */
export const createPacer = (limits: { concurrency: number; perSecond: number }, clock: Clock): Pacer => {
  const queues: Record<Lane, ((release: Release) => void)[]> = { high: [], normal: [], low: [] };
  const burstMs = 100;
  const stepMs = limits.perSecond > 0 ? 1_000 / limits.perSecond : 0;
  let running = 0;
  let nextStart = 0;
  let timerSet = false;

  const release = (): void => {
    running -= 1;
    serve();
  };
  const delayMs = (): number => {
    if (stepMs === 0) return 0;
    nextStart = Math.max(nextStart, clock.now() - Math.max(0, burstMs - stepMs));
    return nextStart - clock.now();
  };
  const wakeAfter = (ms: number): void => {
    if (timerSet) return;
    timerSet = true;
    clock.after(Math.ceil(ms), () => {
      timerSet = false;
      serve();
    });
  };
  const serve = (): void => {
    while (running < limits.concurrency) {
      const lane = ORDER.find((one) => queues[one].length > 0);
      if (lane === undefined) return;
      const wait = delayMs();
      if (wait > 0) return wakeAfter(wait);
      nextStart += stepMs;
      running += 1;
      queues[lane].shift()!(once(release));
    }
  };

  return {
    acquire: (lane) =>
      new Promise((resolve) => {
        queues[lane].push(resolve);
        serve();
      }),
    waiting: () => ORDER.reduce((sum, lane) => sum + queues[lane].length, 0),
    running: () => running,
  };
};

const once = (run: () => void): Release => {
  let spent = false;
  return () => {
    if (spent) return;
    spent = true;
    run();
  };
};
