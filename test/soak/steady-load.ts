import { Agent, fetch } from 'undici';
import { newCorrelationId } from '#contract';
import { stripeWebhook } from '../harness/traffic.ts';

export type SteadyLoad = {
  accepted(): number;
  /** Webhooks that should have been sent by now and were not, because too many were in flight. */
  late(): number;
  /** How long each webhook took from its first sending to its 2xx, in ms, since this was last asked. */
  takeLatencies(): number[];
  /** Sends nothing new, and waits until what is on its way was accepted. */
  stop(): Promise<void>;
};

type Options = { ingestUrl: string; perSecond: number };

const MOST_IN_FLIGHT = 256;
const LOOK_EVERY_MS = 5;
const RESEND_MS = 250;
const ANSWER_WITHIN_MS = 10_000;
/** Makes a body of about 1 kB. */
const PADDING = 800;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** How many webhooks are due so many ms after the start. */
export const dueAfter = (elapsedMs: number, perSecond: number): number => Math.floor((elapsedMs / 1_000) * perSecond);

const createSender = (ingestUrl: string) => {
  const dispatcher = new Agent({ connections: MOST_IN_FLIGHT, headersTimeout: ANSWER_WITHIN_MS, bodyTimeout: ANSWER_WITHIN_MS });
  const series = newCorrelationId();
  const post = async (n: number): Promise<boolean> => {
    const { body, headers } = stripeWebhook(`${series}_${n}`, Date.now(), PADDING);
    try {
      const answer = await fetch(`${ingestUrl}/webhooks/stripe/acme`, { method: 'POST', body, headers, dispatcher });
      await answer.arrayBuffer();
      return answer.ok;
    } catch {
      return false;
    }
  };
  const untilAccepted = async (n: number): Promise<void> => {
    while (!(await post(n))) await pause(RESEND_MS);
  };
  return { untilAccepted, close: () => dispatcher.close() };
};

/** Sends webhooks at an even rate whatever the answers take, each until it was accepted; at most 256 are in flight. */
export const startSteadyLoad = ({ ingestUrl, perSecond }: Options): SteadyLoad => {
  const sender = createSender(ingestUrl);
  const startedMs = performance.now();
  const inFlight = new Set<Promise<void>>();
  let [sent, accepted] = [0, 0];
  let latencies: number[] = [];

  const sendOne = (): void => {
    const sentMs = performance.now();
    const one = sender.untilAccepted(sent++).then(() => {
      accepted += 1;
      latencies.push(performance.now() - sentMs);
      inFlight.delete(one);
    });
    inFlight.add(one);
  };
  const due = (): number => dueAfter(performance.now() - startedMs, perSecond);
  const timer = setInterval(() => {
    while (sent < due() && inFlight.size < MOST_IN_FLIGHT) sendOne();
  }, LOOK_EVERY_MS);
  return {
    accepted: () => accepted,
    late: () => Math.max(0, due() - sent),
    takeLatencies: () => {
      const taken = latencies;
      latencies = [];
      return taken;
    },
    stop: async () => {
      clearInterval(timer);
      await Promise.all(inFlight);
      await sender.close();
    },
  };
};
