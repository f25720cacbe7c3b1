import { execFileSync } from 'node:child_process';
import type { Manifest } from '#contract';
import { parseManifest } from '#manifest';
import { verifySignature } from '#partner-kit';
import { partners } from '#partners';
import { describe, expect, it } from 'vitest';
import { readFileSync } from 'node:fs';
import { exampleWebhook } from './example-webhook.ts';

const manifest = (): Manifest => parseManifest(readFileSync(new URL('../../trunkline.yaml', import.meta.url), 'utf8'), { partners });
const needs = { env: {}, nowMs: Date.parse('2026-11-23T00:00:00Z'), id: () => 'a1b2c3d4' };

/** What a shell makes of the command: curl's arguments. */
const argumentsOf = (curl: string): string[] => execFileSync('sh', ['-c', curl.replace(/^curl/, 'printf "%s\\n"')], { encoding: 'utf8' }).trimEnd().split('\n');

describe('exampleWebhook', () => {
  it('survives the shell, and carries the signature that Stripe would send now', () => {
    const [, url, ...rest] = argumentsOf(exampleWebhook(manifest(), 'http://127.0.0.1:3000', needs)!);
    const headers = Object.fromEntries(rest.filter((_arg, at) => rest[at - 1] === '-H').map((header) => header.split(': ') as [string, string]));
    const body = Buffer.from(rest[rest.indexOf('-d') + 1]!);
    expect(url).toBe('http://127.0.0.1:3000/webhooks/stripe/acme');
    expect(JSON.parse(body.toString())).toMatchObject({ type: 'invoice.paid', data: { object: { amount_paid: 4900 } } });
    const request = { method: 'POST', url: url!, headers, query: {}, body };
    const scheme = partners['stripe']!.webhooks!.signature;
    expect(verifySignature(scheme, ['whsec_example'], request, needs.nowMs)).toMatchObject({ ok: true });
    expect(verifySignature(scheme, ['whsec_example'], request, needs.nowMs + 301_000)).toMatchObject({ ok: false });
  });

  it('takes the secret from the environment, as ingest does', () => {
    const env = { STRIPE_WEBHOOK_SECRET: 'whsec_other' };
    expect(exampleWebhook(manifest(), 'http://x', { ...needs, env })).not.toBe(exampleWebhook(manifest(), 'http://x', needs));
  });

  it('is not there for a manifest without Stripe', () => {
    const { integrations, ...rest } = manifest();
    expect(exampleWebhook({ ...rest, integrations: integrations.filter(({ partner }) => partner !== 'stripe') }, 'http://x', needs)).toBeUndefined();
  });
});
