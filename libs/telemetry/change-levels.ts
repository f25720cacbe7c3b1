import type { Logger } from 'pino';

const loggers = new Map<Logger, string>();

/** From the configured level to the most talkative, and back. */
const STEPS = ['configured', 'debug', 'trace'] as const;
let step = 0;

/** Lets a logger follow `changeLevels`. Its children keep the level that they were made with. */
export const followLevels = (logger: Logger): Logger => {
  loggers.set(logger, logger.level);
  return logger;
};

/** What is configured when that says more already. */
const atLeast = (logger: Logger, configured: string, wanted: string): string =>
  (logger.levels.values[configured] ?? Infinity) <= logger.levels.values[wanted]! ? configured : wanted;

/** Takes every logger of this process one step further: `debug`, then `trace`, then back to what each was configured to. Answers the step. */
export const changeLevels = (): (typeof STEPS)[number] => {
  step = (step + 1) % STEPS.length;
  const now = STEPS[step]!;
  for (const [logger, configured] of loggers) logger.level = now === 'configured' ? configured : atLeast(logger, configured, now);
  return now;
};
