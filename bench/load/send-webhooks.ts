import { answerQuestions } from './answer-questions.ts';
import { closedLoop } from './closed-loop.ts';
import { summarise, type Latencies } from './latencies.ts';
import { makeWebhooks, type WebhookOrder } from './make-webhooks.ts';
import { pacedLoop } from './paced-loop.ts';
import { withConnections } from './raw-connection.ts';

/** `asFastAsItGoes` takes as many webhooks as fit into the time; with `perSecond` all of them are sent at that rate. */
export type SendOrder = WebhookOrder & { url: string; connections: number; warmMs: number; forMs: number; perSecond?: number };

export type SendReport = { perSecond: number; latencies: Latencies; statuses: Record<number, number> };

const flatOut = (order: SendOrder, requests: Buffer[]): Promise<SendReport> =>
  withConnections(order.url, order.connections, async (connections) => {
    const { perSecond, latencies, statuses } = await closedLoop({ connections, requests, warmMs: order.warmMs, forMs: order.forMs });
    return { perSecond, statuses, latencies: summarise(latencies) };
  });

const atRate = (order: SendOrder & { perSecond: number }, requests: Buffer[]): Promise<SendReport> =>
  withConnections(order.url, order.connections, async (connections) => {
    const statuses: Record<number, number> = {};
    const latencies: number[] = [];
    const warm = (order.warmMs / 1_000) * order.perSecond;
    const onAnswer = (index: number, status: number, dueAt: number): void => {
      statuses[status] = (statuses[status] ?? 0) + 1;
      if (index >= warm) latencies.push(performance.now() - dueAt);
    };
    await pacedLoop({ connections, requests, perSecond: order.perSecond, onAnswer });
    return { perSecond: order.perSecond, statuses, latencies: summarise(latencies) };
  });

let prepared: { order: SendOrder; requests: Buffer[] } | undefined;

/** An order is prepared first, so that `go` measures sending and nothing else. */
const prepare = async (order: SendOrder): Promise<void> => {
  prepared = { order, requests: makeWebhooks(order) };
};

const go = async (): Promise<SendReport> => {
  if (prepared === undefined) throw new Error('Nothing was prepared.');
  const { order, requests } = prepared;
  return order.perSecond === undefined ? flatOut(order, requests) : atRate({ ...order, perSecond: order.perSecond }, requests);
};

answerQuestions({}, (question) => (question === 'go' ? go() : prepare(question as SendOrder)));
