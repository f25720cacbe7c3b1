import { setTimeout as pause } from 'node:timers/promises';
import type { RawConnection } from './raw-connection.ts';

type Loop = {
  connections: RawConnection[];
  requests: Buffer[];
  perSecond: number;
  /** `dueAt` is when it should have been sent, on the clock of `performance.now()`. */
  onAnswer(index: number, status: number, dueAt: number): void;
  onDue?(index: number, dueAt: number): void;
};

/**
 * Sends at a steady rate whatever the server does, and counts time from when a request was due: one that waits for a free
 * connection has been waiting, too.
 */
export const pacedLoop = async ({ connections, requests, perSecond, onAnswer, onDue }: Loop): Promise<void> => {
  const idle = [...connections];
  const due: { index: number; dueAt: number }[] = [];
  const running = new Set<Promise<void>>();
  const began = performance.now() + 5;

  const send = async (connection: RawConnection, { index, dueAt }: { index: number; dueAt: number }): Promise<void> => {
    onAnswer(index, await connection.send(requests[index]!), dueAt);
    const waiting = due.shift();
    if (waiting === undefined) idle.push(connection);
    else await send(connection, waiting);
  };
  for (let index = 0; index < requests.length; index++) {
    const dueAt = began + (index * 1_000) / perSecond;
    while (performance.now() < dueAt) await pause(1);
    onDue?.(index, dueAt);
    const connection = idle.pop();
    if (connection === undefined) due.push({ index, dueAt });
    else {
      const job = send(connection, { index, dueAt }).finally(() => running.delete(job));
      running.add(job);
    }
  }
  while (running.size > 0) await Promise.all(running);
};
