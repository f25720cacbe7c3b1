import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseManifest, resolveIntegration } from '#manifest';
import { identifyEvent, nameEvent, verifySignature } from '#partner-kit';
import { partners } from '#partners';
import { EXPECTED_EFFECTS } from './expected-effects.ts';
import { KINDS, type Delivery, type Kind } from './plan-traffic.ts';
import { drawSecret, signDeliveries } from './sign-delivery.ts';

const manifest = parseManifest(readFileSync(new URL('./demo.yaml', import.meta.url), 'utf8'), { partners });
const env = { DEMO_STRIPE_SECRET: drawSecret('stripe'), DEMO_SLACK_SECRET: drawSecret('slack'), DEMO_SHOP_SECRET: drawSecret('generic') };
const sign = signDeliveries(manifest, env);
const now = Date.parse('2026-11-23T00:00:00Z');

const delivery = (kind: Kind, n: number, more: { forged?: boolean; attempt?: 1 | 2 } = {}): Delivery => ({ webhook: { n, kind, forged: more.forged ?? false }, attempt: more.attempt ?? 1 });

const received = (one: Delivery, nowMs = now) => {
  const { path, headers, body } = sign(one, nowMs);
  return { method: 'POST', url: path, headers, query: {}, body: Buffer.from(body) };
};

const isGenuine = (one: Delivery): boolean => {
  const spec = manifest.integrations.find(({ partner }) => partner === one.webhook.kind)!;
  const profile = partners[one.webhook.kind]!.webhooks!;
  return verifySignature(profile.signature, resolveIntegration(spec, env).spec.webhook!.secrets, received(one), now).ok;
};

describe.each(KINDS)('%s', (kind) => {
  it('is signed as its sender signs', () => {
    expect(isGenuine(delivery(kind, 4))).toBe(true);
  });

  it.each([6, 7])('is refused when it is forged (number %i)', (n) => {
    expect(isGenuine(delivery(kind, n, { forged: true }))).toBe(false);
  });

  it('is the same event when it comes again, and another one when it is another', () => {
    const { identity } = partners[kind]!.webhooks!;
    const id = (one: Delivery, nowMs?: number) => {
      const request = received(one, nowMs);
      return String(identifyEvent(identity, request, JSON.parse(request.body.toString())));
    };
    expect(id(delivery(kind, 4, { attempt: 2 }), now + 5_000)).toBe(id(delivery(kind, 4)));
    expect(id(delivery(kind, 5))).not.toBe(id(delivery(kind, 4)));
  });

  it('has a route with as many targets as effects are expected', () => {
    const request = received(delivery(kind, 4));
    const name = nameEvent(partners[kind]!.webhooks!.name, request, JSON.parse(request.body.toString()));
    const targets = manifest.routes.filter(({ on }) => on.startsWith(`${kind}.`) && on.endsWith(`.inbound.${name}`)).flatMap(({ to }) => to.map((target) => target.do.split('.')[0]));
    expect(targets.sort()).toEqual(EXPECTED_EFFECTS[kind].map((effect) => effect.split('/')[0]).sort());
  });
});
