import { AckPolicy, DeliverPolicy, type ConsumerConfig, type ConsumerInfo } from '@nats-io/jetstream';
import { HubError } from '#contract';
import { CONSUMER_NOT_FOUND, isApiError, STREAM_NOT_FOUND } from './api-errors.ts';
import type { Bus } from './connect-bus.ts';

/** A durable pull consumer, by what matters to us. */
export type ConsumerSpec = {
  stream: string;
  durable: string;
  /** On servers before 2.10 only one filter is possible: then the server goes by `coarseFilter`, and the source leaves out what none of these names. For `EVENTS` alone: what is left out of a queue is gone. */
  filters: string[];
  coarseFilter: string;
  ackWaitMs: number;
  maxAckPending: number;
};

/** Whether the server can go by only one of the filters, and hands out more than was asked for. */
export const isCoarse = (bus: Pick<Bus, 'atLeast'>, { filters }: ConsumerSpec): boolean => filters.length > 1 && !bus.atLeast(10);

const filtersOf = (bus: Bus, spec: ConsumerSpec): Partial<ConsumerConfig> => {
  if (isCoarse(bus, spec)) return { filter_subject: spec.coarseFilter };
  return spec.filters.length === 1 ? { filter_subject: spec.filters[0] } : { filter_subjects: spec.filters };
};

/** Makes the consumer, or brings an existing one to this spec. */
export const ensureConsumer = async (bus: Bus, spec: ConsumerSpec): Promise<void> => {
  const config: Partial<ConsumerConfig> = {
    durable_name: spec.durable,
    ack_policy: AckPolicy.Explicit,
    ack_wait: spec.ackWaitMs * 1_000_000,
    max_ack_pending: spec.maxAckPending,
    max_deliver: -1,
    ...filtersOf(bus, spec),
  };
  try {
    await bus.jsm.consumers.info(spec.stream, spec.durable);
  } catch (error) {
    if (isApiError(error, STREAM_NOT_FOUND)) throw new HubError('bus-unavailable', `The stream ${spec.stream} is not there yet. The relay makes it.`, { cause: error });
    if (!isApiError(error, CONSUMER_NOT_FOUND)) throw error;
    await bus.jsm.consumers.add(spec.stream, { deliver_policy: DeliverPolicy.All, ...config });
    return;
  }
  await bus.jsm.consumers.update(spec.stream, spec.durable, config);
};

/** Makes the consumer anew, with nothing remembered; whoever pulls from it is told and asks again. */
export const remakeConsumer = async (bus: Bus, spec: ConsumerSpec): Promise<void> => {
  await bus.jsm.consumers.delete(spec.stream, spec.durable).catch((error) => {
    if (!isApiError(error, CONSUMER_NOT_FOUND)) throw error;
  });
  await ensureConsumer(bus, spec);
};

/**
 * Puts a consumer back to the end of its stream, `lastSeq`, when it remembers more than the stream has: before 2.10 a server that
 * lost the end of a stream leaves such a consumer as it is, and what is stored next is passed over. Answers whether it was so.
 */
export const stepBack = async (bus: Bus, stream: string, durable: string, lastSeq: number): Promise<boolean> => {
  const info = await consumerInfo(bus, stream, durable);
  if (info === undefined || info.delivered.stream_seq <= lastSeq) return false;
  const start = Math.min(info.ack_floor.stream_seq, lastSeq) + 1;
  await bus.jsm.consumers.delete(stream, durable);
  await bus.jsm.consumers.add(stream, { ...info.config, deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: start });
  return true;
};

/** Undefined while there is no such consumer. */
export const consumerInfo = async (bus: Bus, stream: string, durable: string): Promise<ConsumerInfo | undefined> => {
  try {
    return await bus.jsm.consumers.info(stream, durable);
  } catch (error) {
    if (isApiError(error, CONSUMER_NOT_FOUND)) return undefined;
    throw error;
  }
};
