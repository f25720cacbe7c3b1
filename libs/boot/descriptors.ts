import { closeSync, openSync, readFileSync } from 'node:fs';
import type { Server } from 'node:http';

/** What to do about it, wherever it is told. */
const RAISE = 'Raise the limit of open files: LimitNOFILE= for systemd, ulimits.nofile for Docker, ulimit -n in a shell.';

const MINUTE_MS = 60_000;
const LOOK_EVERY_MS = 1_000;

/** How many files and connections this process may have open at once; undefined where the system does not tell. */
const limitOfFiles = (): number | undefined => {
  try {
    const [, soft] = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
    return soft === undefined ? undefined : Number(soft);
  } catch {
    return undefined;
  }
};

/** What a room keeps for itself: Node, the database, the bus, its log. */
const reservedOf = (limit: number): number => Math.min(128, Math.max(40, Math.floor(limit / 4)));

/** How many connections from outside leave enough of the files for what a room needs itself. */
export const connectionsWithin = (wanted: number, limit: number | undefined): number =>
  limit === undefined ? wanted : Math.max(1, Math.min(wanted, limit - reservedOf(limit)));

/** Tells a thing at most once a minute. */
const onceAMinute = (tell: (words: string) => void): ((words: string) => void) => {
  let last = -MINUTE_MS;
  return (words) => {
    if (performance.now() - last < MINUTE_MS) return;
    last = performance.now();
    tell(words);
  };
};

/**
 * Lets a server have at most so many connections at once, and fewer when the process may not open as many files: callers must not
 * take what the room needs for its database. One more is closed at once, and `tell` is told why, at most once a minute.
 */
export const boundConnections = (server: Server, wanted: number, tell: (words: string) => void): void => {
  const limit = limitOfFiles();
  const most = connectionsWithin(wanted, limit);
  server.maxConnections = most;
  const why = most < wanted ? `this process may open ${limit} files and keeps some for itself. ${RAISE}` : 'that is the setting.';
  const tellSometimes = onceAMinute(tell);
  server.on('drop', () => tellSometimes(`New connections are closed at once: there are ${most} already, and ${why}`));
};

const isExhausted = (error: unknown): boolean => ['EMFILE', 'ENFILE'].includes((error as NodeJS.ErrnoException).code ?? '');

/** Whether one more file can be opened now. */
const canOpen = (): boolean => {
  try {
    closeSync(openSync('/dev/null', 'r'));
    return true;
  } catch (error) {
    return !isExhausted(error);
  }
};

/**
 * Looks every second, or `everyMs`, whether the process can still open a file, and tells when it cannot, and when it can again. Whoever needs one
 * meanwhile fails and tries again, as with any outage.
 */
export const watchDescriptors = (tell: (words: string) => void, open: () => boolean = canOpen, everyMs = LOOK_EVERY_MS): (() => void) => {
  const limit = limitOfFiles();
  let exhausted = false;
  const timer = setInterval(() => {
    const now = !open();
    if (now === exhausted) return;
    exhausted = now;
    if (now) tell(`No file or connection can be opened any more: all ${limit ?? ''} that this process may have open are in use. What needs one waits and tries again. ${RAISE}`);
    else tell('Files and connections can be opened again.');
  }, everyMs);
  timer.unref();
  return () => clearInterval(timer);
};
