import { pino, stdSerializers, type DestinationStream, type Logger } from 'pino';
import { isHubError } from '#contract';
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
      serializers: { err: describeError },
    },
    options.destination ?? pino.destination({ dest: 1, sync: false }),
  );
  return hidingInChildren(logger);
};

/** A coded error says all there is to know in its sentence; for any other, where it came from matters. */
const describeError = (error: unknown): unknown => (isHubError(error) ? { code: error.code, message: error.message } : stdSerializers.err(error as Error));

/** pino does not pass a child's bindings through `formatters.log`; children inherit this `child`. */
const hidingInChildren = (logger: Logger): Logger => {
  const child = logger.child;
  logger.child = function (this: Logger, bindings: object, options?: object) {
    return child.call(this, hideSecrets(bindings as Record<string, unknown>), options);
  } as typeof child;
  return logger;
};
