import { fork } from 'node:child_process';
import { once } from 'node:events';

/** A process of the benchmark that answers questions; see `load/answer-questions.ts`. */
export type Child = {
  pid: number;
  /** Where it listens, if it does. */
  url: string;
  /** Rejects with the child's own error, when it ends, or when the answer takes too long. */
  ask<Answer>(question: unknown, withinMs?: number): Promise<Answer>;
  /** Resolves when it is gone. */
  stop(): Promise<void>;
};

type Message = { ready?: true; url?: string; answer?: unknown; failure?: string };

const within = async <T>(ms: number, what: string, work: Promise<T>): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => (timer = setTimeout(() => reject(new Error(`${what} took more than ${ms / 1_000} s.`)), ms)));
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
};

/** Starts a module as a process of its own and waits until it says that it is ready. */
export const startChild = async (module: URL, env: NodeJS.ProcessEnv = {}, execArgv: string[] = []): Promise<Child> => {
  const name = module.pathname.split('/').at(-1)!;
  const child = fork(module, { env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env }, execArgv, serialization: 'advanced', stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const ended = new Promise<never>((_, reject) => {
    child.once('exit', (code, signal) => reject(new Error(`${name} ended with ${signal ?? code}.`)));
    child.once('error', reject);
  });
  ended.catch(() => undefined);
  const message = async (): Promise<Message> => ((await Promise.race([once(child, 'message'), ended])) as [Message])[0];
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const force = setTimeout(() => child.kill('SIGKILL'), 10_000);
    child.kill('SIGTERM');
    await ended.catch(() => undefined);
    clearTimeout(force);
  };
  try {
    const ready = await within(60_000, `Starting ${name}`, message());
    const ask = async <Answer>(question: unknown, withinMs = 180_000): Promise<Answer> => {
      const reply = within(withinMs, name, message());
      child.send(question as object);
      const { answer, failure } = await reply;
      if (failure !== undefined) throw new Error(`${name}: ${failure}`);
      return answer as Answer;
    };
    return { pid: child.pid!, url: ready.url ?? '', ask, stop };
  } catch (error) {
    await stop();
    throw error;
  }
};
