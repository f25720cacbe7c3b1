import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync, statSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { HubError } from '#contract';

/** A server process that this one started: where it answers, and how to end it. */
export type RunningServer = {
  url: string;
  port: number;
  pid: number;
  /** Ends it gently, by force after a bound; resolves when it is gone. Safe to call twice. */
  stop(): Promise<void>;
  /** Resolves with a sentence when the server ends without being asked to. */
  died: Promise<string>;
};

export type ServerCommand = {
  name: string;
  path: string;
  args: string[];
  logFile: string;
  uid?: number;
  gid?: number;
  /** What it is asked to stop with. */
  stopSignal: NodeJS.Signals;
  ready(pid: number): Promise<boolean>;
  readyWithinMs: number;
};

const LOG_LIMIT_BYTES = 10 * 1024 * 1024;

const openLog = (file: string): number => {
  const big = (statSync(file, { throwIfNoEntry: false })?.size ?? 0) > LOG_LIMIT_BYTES;
  return openSync(file, big ? 'w' : 'a');
};

/** The end of what the server wrote since `from`, for a message to a person. */
export const lastWords = (file: string, from = 0): string =>
  readFileSync(file, 'utf8').slice(from).trim().split('\n').slice(-5).join('\n');

const ended = (child: ChildProcess): Promise<string> =>
  new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(signal ? `ended by ${signal}` : `ended with code ${code}`));
  });

const untilReady = async (command: ServerCommand, child: ChildProcess, end: Promise<string>, logStart: number): Promise<void> => {
  const deadline = performance.now() + command.readyWithinMs;
  let why: string | undefined;
  void end.then((reason) => (why = reason));
  while (child.pid === undefined || !(await command.ready(child.pid))) {
    if (why === undefined && performance.now() > deadline) why = `was not ready within ${command.readyWithinMs / 1000} s`;
    if (why !== undefined) {
      throw new HubError('server-missing', `${command.name} ${why}. Its log, ${command.logFile}, ends with:\n${lastWords(command.logFile, logStart)}`);
    }
    await delay(15);
  }
};

/**
 * Starts a server in a session of its own, so that Ctrl-C in a terminal reaches only this process, which then decides
 * when the server goes. Returns when it is ready; throws `server-missing` with the end of its log when it does not get there.
 */
export const spawnServer = async (command: ServerCommand): Promise<Omit<RunningServer, 'url' | 'port'>> => {
  const log = openLog(command.logFile);
  const logStart = statSync(command.logFile).size;
  const { path, args, uid, gid, stopSignal } = command;
  const child = spawn(path, args, { uid, gid, cwd: '/', detached: true, stdio: ['ignore', log, log] });
  closeSync(log);
  const end = ended(child);
  const lastResort = () => void child.kill(stopSignal);
  process.once('exit', lastResort);
  let stopping = false;
  const stop = async () => {
    stopping = true;
    child.kill(stopSignal);
    const force = setTimeout(() => child.kill('SIGKILL'), 15_000);
    await end;
    clearTimeout(force);
    process.removeListener('exit', lastResort);
  };
  try {
    await untilReady(command, child, end, logStart);
  } catch (error) {
    await stop();
    throw error;
  }
  const died = new Promise<string>((resolve) => void end.then((why) => stopping || resolve(`${command.name} ${why}`)));
  return { pid: child.pid!, stop, died };
};
