import type { IntegrationSpec, Manifest, WebhookProfile } from '#contract';
import type { Partner } from '#partner-kit';
import { describe, expect, it } from 'vitest';
import { openIntegrations } from './open-integrations.ts';

const profile: WebhookProfile = {
  signature: { kind: 'hmac', algorithm: 'sha256', encoding: 'hex', signature: { header: 'x-sig' }, signed: '{body}' },
  identity: { by: 'path', path: 'id' }, name: { parts: [{ header: 'x-event' }] }, contentTypes: ['application/json'], keepHeaders: ['X-Event', 'x-sig', 'authorization'],
};
const partner = (name: string, webhooks?: WebhookProfile): Partner => ({ name, webhooks, actions: {}, needs: { credentials: {}, settings: {} } });
const known: Record<string, Partner> = { acme: partner('acme', profile), silent: partner('silent') };
const spec = (more: Partial<IntegrationSpec>): IntegrationSpec => ({
  partner: 'acme', name: 'main', tenant: 'default', paused: false, credentials: {}, settings: {}, limits: { concurrency: 1, perSecond: 1, timeoutMs: 1 }, ...more,
});
const open = (...integrations: IntegrationSpec[]) =>
  openIntegrations({ partnerNamed: (name) => known[name], resolve: (given) => given }, { version: 1, integrations, routes: [] } satisfies Manifest);

describe('openIntegrations', () => {
  it('takes the profile of the partner and the secrets of the integration', () => {
    const main = open(spec({ webhook: { secrets: ['a', 'b'] } })).get('acme/main')!;
    expect(main).toMatchObject({ secrets: ['a', 'b'], readsBody: true, profile: { signature: profile.signature, identity: profile.identity } });
  });

  it('lets the settings of the integration go before those of its partner', () => {
    const main = open(spec({ webhook: { secrets: [], identity: { by: 'body' }, contentTypes: ['Text/XML'] } })).get('acme/main')!;
    expect(main).toMatchObject({ readsBody: false, profile: { identity: { by: 'body' }, contentTypes: ['text/xml'], name: profile.name } });
  });

  it('has no secret for an integration that brings none', () => {
    expect(open(spec({})).get('acme/main')!.secrets).toEqual([]);
  });

  it('leaves out integrations that take no webhooks', () => {
    expect([...open(spec({ partner: 'silent' }), spec({})).keys()]).toEqual(['acme/main']);
  });

  it('opens a partner that declares none when the integration states a scheme', () => {
    expect(open(spec({ partner: 'silent', webhook: { secrets: [], signature: { kind: 'none' } } })).has('silent/main')).toBe(true);
  });

  it('never keeps signatures or credentials', () => {
    expect(open(spec({})).get('acme/main')!.profile.keepHeaders).toEqual(['x-event']);
  });
});
