import type { PulledMessage } from './acknowledge.ts';

/**
 * Keeps messages that are being handled from being delivered again: one timer tells the server about all of them.
 * Returns what ends it.
 */
export const keepAlive = (inHand: ReadonlySet<Pick<PulledMessage, 'working'>>, ackWaitMs: number): (() => void) => {
  const timer = setInterval(() => {
    for (const msg of inHand) msg.working();
  }, ackWaitMs / 3);
  timer.unref();
  return () => clearInterval(timer);
};
