import { pino, type DestinationStream, type Logger } from 'pino';
import { hideSecrets } from './hide-secrets.ts';

export type { Logger };

/**
 * Makes a room's logger: one JSON line per call on standard output (or `destination`), with `room`, `time` in RFC 3339 UTC
 * and the level by name. Values under names that hold secrets are replaced (see `hideSecrets`); values elsewhere are not,
 * so a secret never goes into a message.
 */
export const createLogger = (room: string, options: { level?: string; destination?: DestinationStream } = {}): Logger => {
  const logger = pino(
    {
      level: options.level ?? 'info',
      base: { room },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }), log: hideSecrets },
    },
    options.destination ?? pino.destination({ dest: 1, sync: false }),
  );
  return hidingInChildren(logger);
};

/** pino does not pass a child's bindings through `formatters.log`; children inherit this `child`. */
const hidingInChildren = (logger: Logger): Logger => {
  const child = logger.child;
  logger.child = function (this: Logger, bindings: object, options?: object) {
    return child.call(this, hideSecrets(bindings as Record<string, unknown>), options);
  } as typeof child;
  return logger;
};
