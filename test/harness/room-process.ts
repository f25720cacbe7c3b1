import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { PROJECT_ROOT } from './project-root.ts';

export type RoomSpec = {
  room: string;
  name: string;
  env: Record<string, string>;
  url: string;
  /** Files that it may have open (`ulimit -n`); by default as many as the test itself. */
  files?: number;
};

/** A room that runs as its own process and can be ended in every way. */
export type RoomProcess = RoomSpec & {
  pid(): number;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
  /** Starts it again under the same settings, and waits until it is ready. */
  start(): Promise<void>;
  running(): boolean;
};

const READY_WITHIN_MS = 90_000;

const untilReady = async (spec: RoomSpec, child: ChildProcess): Promise<void> => {
  const deadline = Date.now() + READY_WITHIN_MS;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`${spec.name} ended with code ${child.exitCode} before it was ready.`);
    const answer = await fetch(`${spec.url}/health/ready`).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${spec.name} was not ready after ${READY_WITHIN_MS} ms.`);
};

const commandOf = ({ room, files }: RoomSpec): [string, string[]] => {
  const node = ['--enable-source-maps', `dist/apps/${room}/main.js`];
  if (files === undefined) return [process.execPath, node];
  return ['sh', ['-c', `ulimit -n ${files}; exec "$@"`, 'sh', process.execPath, ...node]];
};

/** Prepares a room of `dist/`; its output is appended to `logFile`. */
export const roomProcess = (spec: RoomSpec, logFile: string): RoomProcess => {
  let child: ChildProcess | undefined;
  const log = createWriteStream(logFile, { flags: 'a' });

  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    const gone = once(child, 'exit');
    child.kill(signal);
    const [code] = await gone;
    return code as number | null;
  };
  return {
    ...spec,
    pid: () => child?.pid ?? 0,
    running: () => child !== undefined && child.exitCode === null && child.signalCode === null,
    kill: async () => void (await end('SIGKILL')),
    stop: () => end('SIGTERM'),
    start: async () => {
      const started = spawn(...commandOf(spec), {
        cwd: PROJECT_ROOT,
        env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...spec.env },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      child = started;
      started.stdout.pipe(log, { end: false });
      started.stderr.pipe(log, { end: false });
      await untilReady(spec, started);
    },
  };
};
