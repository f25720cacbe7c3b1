import { createHash } from 'node:crypto';
import { Agent, fetch } from 'undici';
import { partnerNamed } from '#partners';
import { signWebhook } from '#partner-kit';
import { newCorrelationId, type HmacScheme } from '#contract';

export const STRIPE_SECRET = 'whsec_harness';

/** Stripe webhooks in; each makes one customer at Stripe (key) and one message at Slack (lookup). */
export const HARNESS_MANIFEST = `
version: 1
integrations:
  - partner: stripe
    name: acme
    webhook: { secrets: ['\${STRIPE_SECRET:-${STRIPE_SECRET}}'] }
    credentials: { apiKey: '\${STRIPE_KEY:-sk_test_harness}' }
    settings: { baseUrl: '\${SANDBOX_URL}/stripe' }
    limits: { concurrency: 16, timeoutMs: 1000 }
  - partner: slack
    name: ops
    credentials: { botToken: '\${SLACK_TOKEN:-xoxb-harness}' }
    settings: { baseUrl: '\${SANDBOX_URL}/slack' }
    limits: { concurrency: 16, timeoutMs: 1000 }
routes:
  - name: welcome
    on: stripe.acme.inbound.customer.request
    to:
      - { name: customer, do: stripe.acme.create-customer, with: '{ "email": body.data.object.email }' }
      - { name: tell-ops, do: slack.ops.post-message, with: '{ "channel": body.data.object.channel, "text": "Welcome " & body.data.object.email }' }
`;

export const HARNESS_PARTNERS = ['stripe', 'slack'];

const scheme = partnerNamed('stripe')!.webhooks!.signature as HmacScheme;

/** Spread over many channels: finding a message by its history costs what the channel holds. */
const channelOf = (n: number | string): string => `C${createHash('sha1').update(String(n)).digest('hex').slice(0, 8).toUpperCase()}`;

/** A signed Stripe webhook for event number `n`; `padding` bytes make it longer. */
export const stripeWebhook = (n: number | string, nowMs: number, padding = 0): { body: string; headers: Record<string, string> } => {
  const body = JSON.stringify({ id: `evt_${n}`, type: 'customer.request', data: { object: { email: `c${n}@example.com`, channel: channelOf(n), note: 'x'.repeat(padding) } } });
  const headers = signWebhook(scheme, STRIPE_SECRET, { method: 'POST', url: '/webhooks/stripe/acme', body }, nowMs);
  return { body, headers: { 'content-type': 'application/json', ...headers } };
};

export type Traffic = {
  accepted(): number;
  /** Answers by status, 0 where there was none. */
  statuses(): ReadonlyMap<number, number>;
  /** Sends no further webhooks, and waits until those on their way were accepted. */
  stop(): Promise<void>;
};

/** What a partner does while nobody answers 2xx: the same webhook again, a little later. */
const RESEND_MS = 100;

/** Sends webhooks one after another on several connections, each until it was accepted. Bounded by `most`. */
export const startTraffic = (ingestUrl: string, options: { connections: number; most: number; pauseMs?: number }): Traffic => {
  const dispatcher = new Agent({ connections: options.connections, headersTimeout: 5_000, bodyTimeout: 5_000 });
  const statuses = new Map<number, number>();
  const series = newCorrelationId();
  let next = 0;
  let accepted = 0;
  let stopped = false;

  const post = async (n: number): Promise<number> => {
    const { body, headers } = stripeWebhook(`${series}_${n}`, Date.now());
    try {
      const answer = await fetch(`${ingestUrl}/webhooks/stripe/acme`, { method: 'POST', body, headers, dispatcher });
      await answer.arrayBuffer();
      return answer.status;
    } catch {
      return 0;
    }
  };
  const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
  const deliver = async (n: number): Promise<void> => {
    for (;;) {
      const status = await post(n);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      if (status >= 200 && status < 300) return void (accepted += 1);
      await pause(RESEND_MS);
    }
  };
  const worker = async (): Promise<void> => {
    while (!stopped && next < options.most) {
      await deliver(next++);
      if (options.pauseMs) await pause(options.pauseMs);
    }
  };
  const workers = Array.from({ length: options.connections }, worker);
  let stopping: Promise<void> | undefined;
  return {
    accepted: () => accepted,
    statuses: () => statuses,
    stop: () => {
      stopped = true;
      stopping ??= Promise.all(workers).then(() => dispatcher.close());
      return stopping;
    },
  };
};
