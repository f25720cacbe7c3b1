import { changeLevels, describeError } from '#telemetry';
import { watchDescriptors } from './descriptors.ts';

/** Says on standard error why a process cannot go on. A coded error has a sentence for a person; anything else is a bug and shows where it is. */
export const complain = (who: string, error: unknown): void => {
  const { message, code, stack } = describeError(error);
  process.stderr.write(`${who}: ${stack ?? (code === undefined ? message : `${message} (${code})`)}\n`);
};

/** Writes are asynchronous on pipes: leave when they are through. */
export const leave = (code: number): void => {
  process.exitCode = code;
  process.stdout.write('', () => process.stderr.write('', () => process.exit(code)));
};

/**
 * For a process that is a room, or all of them: each SIGUSR2 changes the log level (see `changeLevels`) and says so, running out of
 * file descriptors is said, and a bug that nobody caught ends the process in masked words. Node itself would print it with all that hangs on it: requests, rows, secrets.
 */
export const guardProcess = (who: string, say: (words: string) => void): void => {
  process.on('SIGUSR2', () => say(`the log level is now ${changeLevels()}`));
  watchDescriptors(say);
  process.on('uncaughtException', (error) => {
    complain(who, error);
    leave(1);
  });
};
