import type { Msg, Subscription } from '@nats-io/nats-core';
import { pulledMessage, type PulledMessage } from './acknowledge.ts';
import type { Bus } from './connect-bus.ts';
import { startMender } from './mender.ts';
import { trackPulls } from './outstanding-pulls.ts';

const PULL_EXPIRES_MS = 10_000;
/** After this long without an end, a pull was lost with its server. */
const PULL_LOST_MS = PULL_EXPIRES_MS + 3_000;
const PAUSE_MS = 250;

const HEARTBEAT = 100;
const EXPIRED = 408;
const MISSING = new Set([404, 503]);

export type PullNeeds = {
  bus: Bus;
  stream: string;
  durable: string;
  /** How many messages may be handled or on their way at once; 0 while the door is closed. Asked again after each `more`. */
  capacity(): number;
  onMessage(msg: PulledMessage): void;
  /** Makes the consumer, or makes it again when the server says that it has none. */
  repair(): Promise<void>;
  onError(error: unknown): void;
};

export type Pull = {
  /** Tells that capacity may have grown: a message was settled, or the door opened. */
  more(): void;
  /** No further messages are asked for; those on their way still come. */
  stop(): void;
  /** Nothing comes any more. */
  close(): void;
};

const isMissing = (code: number, description: string): boolean => MISSING.has(code) || (code === 409 && /deleted|not found/i.test(description));

/**
 * Asks JetStream for exactly as many messages as there is capacity for, and again as soon as some is free.
 * Every request ends: by messages, by a status from the server, or by its own timer.
 */
export const startPull = (needs: PullNeeds): Pull => {
  const inbox = needs.bus.newInbox();
  const pulls = trackPulls(PULL_LOST_MS);
  const mender = startMender({ mend: needs.repair, mended: () => more(), onError: needs.onError });
  let next = 0;
  let stopped = false;

  const request = (batch: number): void => {
    const token = (next++).toString(36);
    pulls.begin(token, batch, () => mender.mendIn(0));
    const body = JSON.stringify({ batch, expires: PULL_EXPIRES_MS * 1_000_000 });
    needs.bus.nc.publish(`$JS.API.CONSUMER.MSG.NEXT.${needs.stream}.${needs.durable}`, body, { reply: `${inbox}.${token}` });
  };

  /** Small top-ups cost a request each; wait for a quarter to be free unless nothing is on its way. */
  const more = (): void => {
    if (stopped || mender.mending() || !needs.bus.connected()) return;
    const capacity = needs.capacity();
    const free = capacity - pulls.asked();
    if (free > 0 && (pulls.asked() === 0 || free >= capacity / 4)) request(free);
  };

  const onStatus = (token: string, code: number, description: string): void => {
    if (code === HEARTBEAT) return;
    pulls.end(token);
    if (isMissing(code, description)) mender.mendIn(PAUSE_MS);
    else setTimeout(more, code === EXPIRED ? 0 : PAUSE_MS);
  };

  const onReply = (msg: Msg): void => {
    if (msg.headers !== undefined && msg.headers.code > 0) return onStatus(msg.subject.slice(inbox.length + 1), msg.headers.code, msg.headers.description);
    pulls.delivered();
    const server = needs.bus.serverId();
    needs.onMessage(pulledMessage(msg, () => needs.bus.serverId() === server));
  };

  const subscription: Subscription = needs.bus.nc.subscribe(`${inbox}.*`, { callback: (error, msg) => (error ? needs.onError(error) : onReply(msg)) });
  const forget = needs.bus.onReconnect(() => {
    pulls.endAll();
    // The server at the other end may have lost the consumer; before 2.10 it would not even say so.
    mender.mendIn(0);
  });
  mender.mendIn(0);
  return {
    more,
    stop: () => {
      stopped = true;
      mender.stop();
      forget();
      pulls.endAll();
    },
    close: () => subscription.unsubscribe(),
  };
};
