import { Agent, fetch } from 'undici';
import type { Delivery, Webhook } from './plan-traffic.ts';
import type { SignedRequest } from './sign-delivery.ts';

/** What senders were told. `accepted` has every webhook that was answered with 2xx, and the correlation ids that those answers named. */
export type Answers = { accepted: Map<Webhook, Set<string>>; duplicates: number; refused: Map<Webhook, number>; unanswered: Set<Webhook> };

type Needs = {
  ingestUrl: string;
  sign(delivery: Delivery, nowMs: number): SignedRequest;
  pause(ms: number): Promise<void>;
  /** Called after each answer. */
  onAnswer(answered: number): void;
  stop: AbortSignal;
};

const CONNECTIONS = 16;
const ANSWER_WITHIN_MS = 10_000;

/** What a partner does when it gets no answer, 429 or 5xx: the same again, a little later, and not for ever. */
const TRIES = 20;
const AGAIN_AFTER_MS = 250;

type Answer = { status: number; correlationId?: string };

const post = async ({ ingestUrl, sign, stop }: Needs, delivery: Delivery, dispatcher: Agent): Promise<Answer> => {
  const { path, headers, body } = sign(delivery, Date.now());
  try {
    const answer = await fetch(ingestUrl + path, { method: 'POST', headers, body, dispatcher, signal: AbortSignal.any([stop, AbortSignal.timeout(ANSWER_WITHIN_MS)]) });
    const said = (await answer.json()) as { correlationId?: string };
    return { status: answer.status, correlationId: said.correlationId };
  } catch {
    stop.throwIfAborted();
    return { status: 0 };
  }
};

const isFinal = ({ status }: Answer): boolean => status >= 200 && status < 500 && status !== 429;

const deliver = async (needs: Needs, delivery: Delivery, dispatcher: Agent): Promise<Answer> => {
  for (let tries = 1; ; tries += 1) {
    const answer = await post(needs, delivery, dispatcher);
    if (isFinal(answer) || tries === TRIES) return answer;
    await needs.pause(AGAIN_AFTER_MS);
  }
};

const note = (answers: Answers, webhook: Webhook, { status, correlationId = '' }: Answer): void => {
  if (status === 0 || status === 429 || status >= 500) return void answers.unanswered.add(webhook);
  if (status >= 300) return void answers.refused.set(webhook, status);
  const known = answers.accepted.get(webhook);
  if (known === undefined) return void answers.accepted.set(webhook, new Set([correlationId]));
  answers.duplicates += 1;
  known.add(correlationId);
};

/** Sends deliveries in their order over 16 connections, each until it has an answer. Rejects with the signal's reason when stopping. */
export const sendDeliveries = async (needs: Needs, deliveries: readonly Delivery[]): Promise<Answers> => {
  const dispatcher = new Agent({ connections: CONNECTIONS });
  const answers: Answers = { accepted: new Map(), duplicates: 0, refused: new Map(), unanswered: new Set() };
  let [next, answered] = [0, 0];
  const worker = async (): Promise<void> => {
    for (let delivery = deliveries[next++]; delivery !== undefined; delivery = deliveries[next++]) {
      note(answers, delivery.webhook, await deliver(needs, delivery, dispatcher));
      needs.onAnswer((answered += 1));
    }
  };
  try {
    await Promise.all(Array.from({ length: CONNECTIONS }, worker));
    return answers;
  } finally {
    await dispatcher.destroy();
  }
};
