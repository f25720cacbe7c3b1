import { describe, expect, it } from 'vitest';
import { addressList, limitRate } from '#boot';
import { admitWebhook } from './admit-webhook.flow.ts';
import { isRefusal, type Integration, type WebhookHead } from './webhook-stages.ts';

const integration = {
  partner: 'acme', name: 'main', tenant: 'default', paused: false, secrets: ['s'], personal: [], readsBody: false,
  profile: { signature: { kind: 'none' }, identity: { by: 'body' }, name: { parts: [] }, contentTypes: ['application/json'], keepHeaders: [] },
} satisfies Integration;
const integrations = new Map<string, Integration>([
  ['acme/main', integration],
  ['acme/asleep', { ...integration, name: 'asleep', paused: true }],
  ['acme/listed', { ...integration, name: 'listed', allowFrom: addressList(['192.0.2.0/24']) }],
]);
const needs = { logReady: () => true, integrations: () => integrations, knowsPartner: (name: string) => name === 'acme', maxBodyBytes: 100 };
const head = (more: Partial<WebhookHead> = {}): WebhookHead => ({
  method: 'POST', partner: 'acme', integration: 'main', headers: { 'content-type': 'Application/JSON; charset=utf-8', 'content-length': '100' }, address: () => '1.2.3.4', ...more,
});
const outcome = (given: WebhookHead, own: Partial<Parameters<typeof admitWebhook>[0]> = {}) => {
  const admitted = admitWebhook({ ...needs, ...own })(given);
  return isRefusal(admitted) ? admitted.outcome : admitted.name;
};

describe('admitWebhook', () => {
  it('answers the integration that the request is for', () => {
    expect(outcome(head())).toBe('main');
  });

  it.each([
    ['another method', head({ method: 'PUT' }), 'method-not-allowed'],
    ['a length over the limit', head({ headers: { 'content-length': '101', 'content-type': 'application/json' } }), 'too-large'],
    ['an unknown partner', head({ partner: 'nobody' }), 'unknown-partner'],
    ['a partner named like an inherited member', head({ partner: '__proto__' }), 'unknown-partner'],
    ['an unknown integration', head({ integration: 'other' }), 'unknown-integration'],
    ['a paused integration', head({ integration: 'asleep' }), 'paused'],
    ['another content type', head({ headers: { 'content-type': 'text/html' } }), 'unsupported-media-type'],
    ['no content type', head({ headers: {} }), 'unsupported-media-type'],
    ['a compressed body', head({ headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' } }), 'unsupported-media-type'],
  ])('refuses %s', (_, given, expected) => {
    expect(outcome(given)).toBe(expected);
  });

  it('refuses everything while the log is away, or the manifest was never read', () => {
    expect(outcome(head(), { logReady: () => false })).toBe('log-unavailable');
    expect(outcome(head(), { integrations: () => undefined })).toBe('log-unavailable');
  });

  it('refuses an address that sends too fast, and no other', () => {
    let now = 0;
    const rateLimit = limitRate(2, () => now);
    const from = (address: string) => outcome(head({ address: () => address }), { rateLimit });
    expect([from('a'), from('a'), from('a'), from('b')]).toEqual(['main', 'main', 'rate-limited', 'main']);
    now += 500;
    expect([from('a'), from('a')]).toEqual(['main', 'rate-limited']);
  });

  it('takes webhooks of an integration that lists addresses from these only', () => {
    const from = (address: string) => outcome(head({ integration: 'listed', address: () => address }));
    expect([from('192.0.2.9'), from('::ffff:192.0.2.9'), from('192.0.3.9')]).toEqual(['listed', 'listed', 'address-refused']);
  });

  it('says after how many seconds a fast sender may go on', () => {
    const admit = admitWebhook({ ...needs, rateLimit: limitRate(0.2, () => 0) });
    expect([admit(head()), admit(head())]).toMatchObject([{ name: 'main' }, { outcome: 'rate-limited', retryAfterS: 5, rate: { name: 'webhooks', verdict: { remaining: 0, resetS: 5 } } }]);
  });
});
