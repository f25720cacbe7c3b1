import { laneSubject, LANES, STREAMS, type Lane } from '#contract';
import type { Bus } from './connect-bus.ts';
import { consumerInfo } from './consumers.ts';

/** The commands of one account in one lane. */
export type Queue = { partner: string; lane: Lane; integration: string };

/** Lanes that are asked at once. */
const AT_ONCE = 8;

const queueOf = (key: string): Queue | undefined => {
  const [partner, word, integration] = key.split('.');
  const lane = LANES.find((one) => one === word);
  return partner === undefined || lane === undefined || integration === undefined ? undefined : { partner, lane, integration };
};

/** How many commands are not settled, for each queue of these partners that has any. */
export const queueDepths = async (bus: Bus, partners: readonly string[]): Promise<(Queue & { depth: number })[]> => {
  const infos = await Promise.all(partners.map((partner) => bus.jsm.streams.info(STREAMS.commandsOf(partner), { subjects_filter: `cmd.${partner}.>` })));
  const depths = new Map<string, number>();
  for (const [subject, count] of infos.flatMap((info) => Object.entries(info.state.subjects ?? {}))) {
    const key = subject.split('.').slice(1, 4).join('.');
    depths.set(key, (depths.get(key) ?? 0) + count);
  }
  return [...depths].flatMap(([key, depth]) => {
    const queue = queueOf(key);
    return queue === undefined ? [] : [{ ...queue, depth }];
  });
};

/** The stream keeps a command until it is settled, so the first message of a queue is its oldest work, in hand or not. */
const firstAt = async (bus: Bus, { partner, lane, integration }: Queue): Promise<Date | undefined> => {
  // The client's types know `next_by_subj` for direct requests only; servers since 2.9 take it here, too.
  const query = { seq: 1, next_by_subj: laneSubject(partner, lane, integration) };
  const first = await bus.jsm.streams.getMessage(STREAMS.commandsOf(partner), query);
  return first === null ? undefined : first.time;
};

/** When the oldest command that is not settled came to its queue, for each of these queues that still has one. */
export const oldestPending = async (bus: Bus, queues: readonly Queue[]): Promise<{ queue: Queue; at: Date }[]> => {
  const found: { queue: Queue; at: Date }[] = [];
  for (let i = 0; i < queues.length; i += AT_ONCE) {
    const some = queues.slice(i, i + AT_ONCE);
    const times = await Promise.all(some.map((queue) => firstAt(bus, queue)));
    times.forEach((at, n) => at !== undefined && found.push({ queue: some[n]!, at }));
  }
  return found;
};

/** How many messages a consumer was not handed, or has not settled; undefined while there is no such consumer. */
export const pendingOf = async (bus: Bus, stream: string, durable: string): Promise<number | undefined> => {
  const info = await consumerInfo(bus, stream, durable);
  return info && info.num_pending + info.num_ack_pending;
};
