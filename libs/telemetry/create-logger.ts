import { pino, type DestinationStream, type Logger } from 'pino';
import { followLevels } from './change-levels.ts';
import { maskRecord, type MaskRecord } from './mask-record.ts';
import { maskText } from './mask-text.ts';
import type { MaskedFields } from './masked-names.ts';

export type { Logger };

export type LoggerOptions = {
  level?: string;
  destination?: DestinationStream;
  /** Names of fields to mask beyond those that everyone knows, for example those that partners declare. */
  masked?: MaskedFields;
};

/**
 * Makes a room's logger: one JSON line per call on standard output (or `destination`), with `room`, `time` in RFC 3339 UTC
 * and the level by name. Secrets and personal data are masked, by name and by shape, in fields, messages and errors.
 * Its level can be changed while it runs (see `changeLevels`).
 */
export const createLogger = (room: string, options: LoggerOptions = {}): Logger => {
  const mask = maskRecord(options.masked);
  const logger = pino(
    {
      level: options.level ?? 'info',
      base: { room },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }), log: mask },
      // Errors were described by then; pino's own serializer would begin anew.
      serializers: { msg: maskText, err: (described: unknown) => described },
    },
    options.destination ?? pino.destination({ dest: 1, sync: false }),
  );
  return followLevels(maskingInChildren(logger, mask));
};

/** pino does not pass a child's bindings through `formatters.log`; children inherit this `child`. */
const maskingInChildren = (logger: Logger, mask: MaskRecord): Logger => {
  const child = logger.child;
  logger.child = function (this: Logger, bindings: object, options?: object) {
    return child.call(this, mask(bindings as Record<string, unknown>), options);
  } as typeof child;
  return logger;
};
