import { setTimeout as pause } from 'node:timers/promises';
import { answerQuestions } from './answer-questions.ts';
import { closedLoop } from './closed-loop.ts';
import { summarise, type Latencies } from './latencies.ts';
import { makeWebhooks, type WebhookOrder } from './make-webhooks.ts';
import { pacedLoop } from './paced-loop.ts';
import { withConnections } from './raw-connection.ts';
import { receiveCalls } from './receive-calls.ts';

/** The partner at both ends: it sends webhooks and receives the calls that follow, so that one clock times both. */
export type TripOrder = WebhookOrder & {
  url: string;
  connections: number;
  warmMs: number;
  forMs: number;
  /** Either a steady rate, or so many webhooks under way between the first send and the last call. */
  perSecond?: number;
  underWay?: number;
};

export type TripReport = {
  /** Calls received in the measured time. */
  perSecond: number;
  /** From sending the webhook, or from when it was due, to the partner having the call. */
  latencies: Latencies;
  statuses: Record<number, number>;
  sent: number;
  received: number;
  doubled: number;
};

/** How long calls may be missing without a single one arriving. */
const SILENCE_MS = 30_000;

const receiver = await receiveCalls();

const untilAllArrived = async (sent: number): Promise<void> => {
  let [count, since] = [receiver.received(), performance.now()];
  while (receiver.received() < sent && performance.now() - since < SILENCE_MS) {
    await pause(5);
    if (receiver.received() > count) [count, since] = [receiver.received(), performance.now()];
  }
};

type Outcome = Pick<TripReport, 'perSecond' | 'statuses' | 'sent'> & { latencies: number[] };

const report = async (outcome: Outcome): Promise<TripReport> => {
  await untilAllArrived(outcome.sent);
  return { ...outcome, latencies: summarise(outcome.latencies), received: receiver.received(), doubled: receiver.doubled() };
};

/** Keeps `underWay` webhooks in the house. */
const saturate = (order: TripOrder & { underWay: number }, requests: Buffer[]): Promise<TripReport> =>
  withConnections(order.url, order.connections, async (connections) => {
    const sentAt = new Float64Array(requests.length);
    const latencies: number[] = [];
    const held: (() => void)[] = [];
    const began = performance.now();
    let [sent, last] = [0, began];
    receiver.begin((n) => {
      const now = performance.now();
      if (now >= began + order.warmMs && now <= began + order.warmMs + order.forMs) {
        latencies.push(now - sentAt[n - order.first]!);
        last = now;
      }
      held.shift()?.();
    });
    const loop = await closedLoop({
      connections,
      requests,
      warmMs: order.warmMs,
      forMs: order.forMs,
      admitted: () => (sent - receiver.received() < order.underWay ? undefined : new Promise((resolve) => held.push(resolve))),
      onSent: (index) => {
        sent += 1;
        sentAt[index] = performance.now();
      },
    });
    const perSecond = latencies.length / ((last - began - order.warmMs) / 1_000);
    return report({ perSecond, latencies, statuses: loop.statuses, sent: loop.sent });
  });

const atRate = (order: TripOrder & { perSecond: number }, requests: Buffer[]): Promise<TripReport> =>
  withConnections(order.url, order.connections, async (connections) => {
    const statuses: Record<number, number> = {};
    const dueAt = new Float64Array(requests.length);
    const latencies: number[] = [];
    const warm = (order.warmMs / 1_000) * order.perSecond;
    receiver.begin((n) => {
      const index = n - order.first;
      if (index >= warm) latencies.push(performance.now() - dueAt[index]!);
    });
    await pacedLoop({
      connections,
      requests,
      perSecond: order.perSecond,
      onDue: (index, at) => void (dueAt[index] = at),
      onAnswer: (_index, status) => void (statuses[status] = (statuses[status] ?? 0) + 1),
    });
    return report({ perSecond: order.perSecond, latencies, statuses, sent: requests.length });
  });

let prepared: { order: TripOrder; requests: Buffer[] } | undefined;

/** An order is prepared first, so that `go` measures trips and nothing else. */
const prepare = async (order: TripOrder): Promise<void> => {
  prepared = { order, requests: makeWebhooks(order) };
};

const go = async (): Promise<TripReport> => {
  if (prepared === undefined) throw new Error('Nothing was prepared.');
  const { order, requests } = prepared;
  if (order.perSecond !== undefined) return atRate({ ...order, perSecond: order.perSecond }, requests);
  return saturate({ ...order, underWay: order.underWay ?? order.connections }, requests);
};

answerQuestions({ url: receiver.url }, (question) => (question === 'go' ? go() : prepare(question as TripOrder)));
