import type { Logger } from '#telemetry';
import type { SchedulerConfig } from './scheduler.config.ts';

export type Scheduler = {
  start(): void;
  /** No tick begins any more; the one at hand is finished. */
  stop(): Promise<void>;
};

type Parts = { tick(): Promise<void>; config: SchedulerConfig; logger: Logger };

/** Ticks one after the other, never two at once; a tick that fails is reported, and the next one comes all the same. */
export const openScheduler = ({ tick, config, logger }: Parts): Scheduler => {
  let timer: NodeJS.Timeout | undefined;
  let ticking: Promise<void> = Promise.resolve();
  let stopped = false;

  const next = (): void => {
    if (!stopped) timer = setTimeout(run, config.tickMs);
  };
  const run = (): void => {
    ticking = tick().catch((error: unknown) => logger.warn({ err: error }, 'the scheduler waits')).then(next);
  };
  return {
    start: next,
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await ticking;
    },
  };
};
