import { HubError } from '#contract';
import type { Bus } from './connect-bus.ts';
import { consumerInfo, type ConsumerSpec } from './consumers.ts';

/** After a start, a reconnect and a suspicion. While all is well, each look is twice as far away as the last, up to `CALM_MS`. */
const SOON_MS = 3_000;
const CALM_MS = 60_000;

/** The oldest message of a queue, and whether its consumer believes that it was settled. */
export type Head = { seq: number; passedOver: boolean };

/** Reads where a queue stands against its consumer. Undefined when the queue is empty, or nobody consumes it. */
export const headOf = async (bus: Bus, { stream, durable, coarseFilter }: ConsumerSpec): Promise<Head | undefined> => {
  const query = { seq: 1, next_by_subj: coarseFilter };
  const first = await bus.jsm.streams.getMessage(stream, query);
  // In this order: what is settled between the two was the head, and is another one at the next look.
  const info = first === null ? undefined : await consumerInfo(bus, stream, durable);
  return first === null || info === undefined ? undefined : { seq: first.seq, passedOver: first.seq <= info.ack_floor.stream_seq };
};

type Needs = {
  head(): Promise<Head | undefined>;
  /** Makes the consumer anew: it begins with what is in the queue. */
  remake(): Promise<void>;
  onError(error: unknown): void;
  /** Calls back once, after so many ms; answers how to forget it. */
  after(ms: number, work: () => void): () => void;
};

export type QueueWatch = {
  /** The server may be another one: looks soon. */
  soon(): void;
  stop(): void;
};

/**
 * Looks for messages of a work queue that its consumer passes over: they were stored under numbers that it had seen before the
 * server lost the end of the stream. A work queue keeps a message until it is settled, so a head that counts as settled at two
 * looks was passed over; any other one becomes the head in time. A false alarm would be harmless: the ledger knows what was done.
 */
export const watchQueue = ({ head, remake, onError, after }: Needs): QueueWatch => {
  let suspect: number | undefined;
  let pauseMs = SOON_MS;
  let stopped = false;
  let forget: () => void = () => undefined;

  const judge = async (): Promise<void> => {
    const found = await head();
    const before = suspect;
    suspect = found?.passedOver ? found.seq : undefined;
    pauseMs = suspect === undefined ? Math.min(pauseMs * 2, CALM_MS) : SOON_MS;
    if (suspect === undefined || suspect !== before || stopped) return;
    suspect = undefined;
    await remake();
    onError(new HubError('queue-passed-over', 'NATS came back with less than its consumer remembered, and it passed over commands in the queue. The consumer was made anew: they are handed out now.'));
  };
  const look = (): void => {
    void judge()
      .catch(onError)
      .then(() => lookIn(pauseMs));
  };
  const lookIn = (ms: number): void => {
    forget();
    if (!stopped) forget = after(ms, look);
  };
  lookIn(pauseMs);
  return {
    soon: () => {
      suspect = undefined;
      pauseMs = SOON_MS;
      lookIn(pauseMs);
    },
    stop: () => {
      stopped = true;
      forget();
    },
  };
};
