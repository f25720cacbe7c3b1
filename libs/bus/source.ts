import { done, retry, STREAMS, type Message, type Settlement } from '#contract';
import type { PulledMessage } from './acknowledge.ts';
import type { Bus } from './connect-bus.ts';
import { ensureConsumer, isCoarse, remakeConsumer, type ConsumerSpec } from './consumers.ts';
import { decodeHeaders } from './headers.ts';
import { keepAlive } from './keep-alive.ts';
import { matchSubject } from './match-subject.ts';
import { startPull } from './pull.ts';
import { settleMessage } from './settle-message.ts';
import { headOf, watchQueue } from './watch-queue.ts';

/** A message as a handler gets it. */
export type Delivered = Message & { subject: string; redelivered: boolean };

/** A consumer and how it is served. */
export type Source = ConsumerSpec & {
  /** Tells this source from others; a source with another key is another source. */
  key: string;
  /** The handler's pattern. */
  pattern: string;
  /** Messages per handler call: 1 runs a handler per message, side by side; more runs one handler at a time over whatever came. */
  batch: number;
  /** Messages in hand or on their way at once. */
  inFlight: number;
  /** Whether messages may be asked for now. Checked before each request. */
  open?(): boolean;
};

export type RunningSource = {
  /** Asks again after `open` changed. */
  more(): void;
  inHand(): number;
  stop(): Promise<void>;
};

const toDelivered = (msg: PulledMessage): Delivered => ({
  headers: decodeHeaders(msg.msg.headers),
  body: msg.msg.data,
  subject: msg.msg.subject,
  redelivered: msg.redelivered,
});

type SourceNeeds = { bus: Bus; retryAfterMs: number; onError(error: unknown): void };

/** Messages that wait for a handler which takes one batch at a time. */
const batchQueue = (size: number, serve: (messages: PulledMessage[]) => Promise<void>): ((msg: PulledMessage) => void) => {
  let queue: PulledMessage[] = [];
  let busy = false;
  const drain = async (): Promise<void> => {
    while (queue.length > 0) {
      const batch = queue.slice(0, size);
      queue = queue.slice(size);
      await serve(batch);
    }
    busy = false;
  };
  return (msg) => {
    queue.push(msg);
    if (busy) return;
    busy = true;
    // What the same read from the socket brought is handled together.
    setImmediate(() => void drain());
  };
};

const after = (ms: number, work: () => void): (() => void) => {
  const timer = setTimeout(work, ms).unref();
  return () => clearTimeout(timer);
};

/** Watches the queue of a source for as long as it runs. `EVENTS` is none, and the relay's to watch. */
const watchOver = (source: Source, { bus, onError }: SourceNeeds): (() => void) => {
  if (source.stream === STREAMS.events) return () => undefined;
  const head = async () => (bus.connected() ? headOf(bus, source) : undefined);
  const watch = watchQueue({ head, remake: () => remakeConsumer(bus, source), onError, after });
  const forget = bus.onReconnect(watch.soon);
  return () => {
    forget();
    watch.stop();
  };
};

/** Serves one consumer until it is stopped; the consumer is made again whenever it is missing. The stream is the relay's to make. */
export const startSource = (source: Source, handle: (messages: Delivered[]) => Promise<Settlement[]>, needs: SourceNeeds): RunningSource => {
  const inHand = new Set<PulledMessage>();
  let stopped = false;
  let drained: (() => void) | undefined;

  const settleAll = (messages: PulledMessage[], settlements: Settlement[]): void => {
    messages.forEach((msg, i) => {
      settleMessage(msg, settlements[i] ?? retry(needs.retryAfterMs, 'no answer'));
      inHand.delete(msg);
    });
    if (inHand.size === 0) drained?.();
    pull.more();
  };
  const serve = async (messages: PulledMessage[]): Promise<void> => {
    try {
      settleAll(messages, await handle(messages.map(toDelivered)));
    } catch (error) {
      needs.onError(error);
      settleAll(messages, messages.map(() => retry(needs.retryAfterMs, 'the handler failed')));
    }
  };
  const enqueue = batchQueue(source.batch, serve);
  const isWanted = matchSubject(source.filters);
  const onMessage = (msg: PulledMessage): void => {
    inHand.add(msg);
    if (stopped) settleAll([msg], [retry(1, 'this process stops')]);
    else if (source.stream === STREAMS.events && isCoarse(needs.bus, source) && !isWanted(msg.msg.subject)) settleAll([msg], [done()]);
    else if (source.batch === 1) void serve([msg]);
    else enqueue(msg);
  };
  const capacity = (): number => (source.open?.() === false ? 0 : source.inFlight - inHand.size);
  const pull = startPull({ bus: needs.bus, stream: source.stream, durable: source.durable, capacity, onMessage, repair: () => ensureConsumer(needs.bus, source), onError: needs.onError });
  const stopKeepAlive = keepAlive(inHand, source.ackWaitMs);
  const stopWatching = watchOver(source, needs);
  return {
    more: pull.more,
    inHand: () => inHand.size,
    stop: async () => {
      stopped = true;
      stopWatching();
      pull.stop();
      if (inHand.size > 0) await new Promise<void>((resolve) => (drained = resolve));
      pull.close();
      stopKeepAlive();
    },
  };
};
