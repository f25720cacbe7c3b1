import { randomBytes } from 'node:crypto';
import type { Manifest } from '#contract';
import { resolveIntegration } from '#manifest';
import { signWebhook } from '#partner-kit';
import { partners } from '#partners';

type Needs = { env: NodeJS.ProcessEnv; nowMs: number; id(): string };

/** Draws what makes this payment another one than the last. */
export const drawId = (): string => randomBytes(6).toString('hex');

const invoicePaid = ({ id, nowMs }: Needs): string => {
  const number = id();
  const invoice = { id: `in_${number}`, object: 'invoice', number: `INV-${number.slice(0, 4).toUpperCase()}`, amount_paid: 4900, currency: 'eur', customer: 'cus_ada', customer_email: 'ada@example.com' };
  return JSON.stringify({ id: `evt_${number}`, object: 'event', type: 'invoice.paid', created: Math.floor(nowMs / 1000), data: { object: invoice } });
};

/**
 * A `curl` command that sends a paid invoice from Stripe, signed as of now with the secret of the manifest's Stripe account.
 * Undefined when the manifest has none, or its secret is missing.
 */
export const exampleWebhook = (manifest: Manifest, ingestUrl: string, needs: Needs): string | undefined => {
  const spec = manifest.integrations.find(({ partner, webhook }) => partner === 'stripe' && webhook !== undefined);
  if (!spec) return undefined;
  const { spec: { name, webhook } } = resolveIntegration(spec, needs.env);
  const [scheme, secret] = [webhook?.signature ?? partners['stripe']?.webhooks?.signature, webhook?.secrets[0]];
  if (!scheme || !secret) return undefined;
  const [url, body] = [`${ingestUrl}/webhooks/stripe/${name}`, invoicePaid(needs)];
  const headers = signWebhook(scheme, secret, { method: 'POST', url, body }, needs.nowMs);
  const shown = Object.entries({ 'content-type': 'application/json', ...headers }).map(([header, value]) => `-H '${header}: ${value}'`);
  return [`curl -i '${url}'`, ...shown, `-d '${body}'`].join(' \\\n  ');
};
