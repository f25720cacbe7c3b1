import { randomBytes } from 'node:crypto';
import type { Manifest } from '#contract';
import { resolveIntegration } from '#manifest';
import { signWebhook } from '#partner-kit';
import { partnerNamed } from '#partners';
import type { Delivery, Kind } from './plan-traffic.ts';

/** A request as it goes over the wire. */
export type SignedRequest = { path: string; headers: Record<string, string>; body: string };

type Content = { id?: string; headers?: Record<string, string>; body: object };

/** Spread over many channels: finding a message by its history costs what the channel holds. */
const channelOf = (n: number): string => `C0DEMO${String(n % 97).padStart(2, '0')}`;

const stripeEvent = (n: number): Content => ({
  body: {
    id: `evt_${n}`,
    object: 'event',
    type: 'invoice.paid',
    data: { object: { id: `in_${n}`, object: 'invoice', number: `INV-${n}`, amount_paid: 100 + n, currency: 'eur', metadata: { channel: channelOf(n) } } },
  },
});

/** Slack sends the same body again and says so in headers. */
const slackEvent = (n: number, attempt: number): Content => ({
  headers: attempt === 1 ? {} : { 'x-slack-retry-num': '1', 'x-slack-retry-reason': 'http_timeout' },
  body: {
    type: 'event_callback',
    team_id: 'T0DEMO',
    event_id: `Ev${n}`,
    event: { type: 'message', channel: channelOf(n), user: 'U0DEMO', text: `new customer c${n}@example.com`, ts: `1700000000.${String(n).padStart(6, '0')}` },
  },
});

/** A sender that gives no event id, and whose second try differs from its first. */
const shopEvent = (n: number, attempt: number, nowMs: number): Content => ({
  id: `msg_${n}_${attempt}`,
  body: { type: 'order.created', sent_at: new Date(nowMs).toISOString(), attempt, data: { order: `A-${n}`, total: 100 + n, channel: channelOf(n) } },
});

const contentOf = ({ webhook: { n, kind }, attempt }: Delivery, nowMs: number): Content => {
  if (kind === 'stripe') return stripeEvent(n);
  return kind === 'slack' ? slackEvent(n, attempt) : shopEvent(n, attempt, nowMs);
};

const accountOf = (manifest: Manifest, kind: Kind, env: NodeJS.ProcessEnv) => {
  const found = manifest.integrations.find(({ partner, webhook }) => partner === kind && webhook !== undefined)!;
  const { spec } = resolveIntegration(found, env);
  return { path: `/webhooks/${spec.partner}/${spec.name}`, secret: spec.webhook!.secrets[0]!, scheme: partnerNamed(kind)!.webhooks!.signature };
};

const tampered = (body: string): string => body.replace(/(\d)(?=\D*$)/, (digit) => String((Number(digit) + 1) % 10));

/**
 * Signs deliveries as their senders do, under the accounts of this manifest. A forged one has either a foreign secret or a
 * body that was changed after it was signed.
 */
export const signDeliveries = (manifest: Manifest, env: NodeJS.ProcessEnv) => {
  const accounts = new Map((['stripe', 'slack', 'generic'] as const).map((kind) => [kind, accountOf(manifest, kind, env)]));
  return (delivery: Delivery, nowMs: number): SignedRequest => {
    const { forged, kind, n } = delivery.webhook;
    const { path, secret, scheme } = accounts.get(kind)!;
    const { id, headers, body } = contentOf(delivery, nowMs);
    const text = JSON.stringify(body);
    const foreign = forged && n % 2 === 0;
    const signature = signWebhook(scheme, foreign ? drawSecret(kind) : secret, { method: 'POST', url: path, body: text, id }, nowMs);
    return { path, headers: { 'content-type': 'application/json', ...headers, ...signature }, body: forged && !foreign ? tampered(text) : text };
  };
};

/** A new secret in the form that this sender gives out. */
export const drawSecret = (kind: Kind): string => (kind === 'slack' ? randomBytes(16).toString('hex') : `whsec_${randomBytes(24).toString('base64')}`);
