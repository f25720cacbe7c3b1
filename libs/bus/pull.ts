import { createInbox, type Msg, type Subscription } from '@nats-io/nats-core';
import { pulledMessage, type PulledMessage } from './acknowledge.ts';
import type { Bus } from './connect-bus.ts';

const PULL_EXPIRES_MS = 10_000;
/** After this long without an end, a pull was lost with its server. */
const PULL_LOST_MS = PULL_EXPIRES_MS + 3_000;
const REPAIR_PAUSE_MS = 250;

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

type Outstanding = { left: number; timer: NodeJS.Timeout };

/**
 * Asks JetStream for exactly as many messages as there is capacity for, and again as soon as some is free.
 * Every request ends: by messages, by a status from the server, or by its own timer.
 */
export const startPull = (needs: PullNeeds): Pull => {
  const inbox = createInbox();
  const outstanding = new Map<string, Outstanding>();
  let asked = 0;
  let next = 0;
  let stopped = false;
  let repairing = false;

  const end = (token: string): void => {
    const pull = outstanding.get(token);
    if (pull === undefined) return;
    clearTimeout(pull.timer);
    outstanding.delete(token);
    asked -= pull.left;
  };

  const repair = async (pauseMs = REPAIR_PAUSE_MS): Promise<void> => {
    if (repairing || stopped) return;
    repairing = true;
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
    const mended = stopped || (await needs.repair().then(() => true, (error) => (needs.onError(error), false)));
    repairing = false;
    if (mended) more();
    else void repair(REPAIR_PAUSE_MS * 4);
  };

  const onStatus = (token: string, code: number, description: string): void => {
    if (code === 100) return;
    end(token);
    if (stopped) return;
    if (code === 503 || code === 404 || (code === 409 && /deleted|not found/i.test(description))) void repair();
    else if (code === 408) more();
    else setTimeout(more, REPAIR_PAUSE_MS);
  };

  /** A message carries its own subject, not its pull's; the server serves pulls in the order in which they came. */
  const countDelivery = (): void => {
    const oldest = outstanding.entries().next().value;
    if (oldest === undefined) return;
    const [token, pull] = oldest;
    pull.left -= 1;
    asked -= 1;
    if (pull.left === 0) end(token);
  };

  const onReply = (msg: Msg): void => {
    const status = msg.headers !== undefined && msg.headers.code > 0 ? msg.headers : undefined;
    if (status !== undefined) return onStatus(msg.subject.slice(inbox.length + 1), status.code, status.description);
    countDelivery();
    needs.onMessage(pulledMessage(msg));
  };

  const request = (batch: number): void => {
    const token = (next++).toString(36);
    const timer = setTimeout(() => {
      end(token);
      void repair();
    }, PULL_LOST_MS);
    outstanding.set(token, { left: batch, timer });
    asked += batch;
    const body = JSON.stringify({ batch, expires: PULL_EXPIRES_MS * 1_000_000 });
    needs.bus.nc.publish(`$JS.API.CONSUMER.MSG.NEXT.${needs.stream}.${needs.durable}`, body, { reply: `${inbox}.${token}` });
  };

  /** Small top-ups cost a request each; wait for a quarter to be free unless nothing is on its way. */
  const more = (): void => {
    if (stopped || repairing || !needs.bus.connected()) return;
    const capacity = needs.capacity();
    const free = capacity - asked;
    if (free > 0 && (asked === 0 || free >= capacity / 4)) request(free);
  };

  const subscription: Subscription = needs.bus.nc.subscribe(`${inbox}.*`, { callback: (error, msg) => (error ? needs.onError(error) : onReply(msg)) });
  needs.bus.onReconnect(() => {
    for (const token of outstanding.keys()) end(token);
    // The server at the other end may have lost the consumer; before 2.10 it would not even say so.
    void repair(0);
  });
  void repair(0);
  return {
    more,
    stop: () => {
      stopped = true;
      for (const token of outstanding.keys()) end(token);
    },
    close: () => subscription.unsubscribe(),
  };
};
