import { describe, expect, it } from 'vitest';
import { changeText, diffManifests } from './diff-manifests.ts';
import { parseManifest } from './parse-manifest.ts';
import { warnOfSecrets } from './warn-of-secrets.ts';

const before = parseManifest(`
version: 1
integrations:
  - { partner: stripe, name: acme }
  - { partner: slack, name: ops }
routes:
  - { name: paid, on: stripe.acme.inbound.invoice.paid, to: [{ name: a, do: slack.ops.post-message }] }
`);
const after = parseManifest(`
version: 1
integrations:
  - { partner: slack, name: ops, paused: true, limits: { concurrency: 2 } }
  - { partner: github, name: acme }
routes:
  - { name: paid, on: slack.ops.inbound.message, when: { type: x }, to: [{ name: a, do: slack.ops.post-message }] }
`);

describe('a difference', () => {
  it('names what is added, removed and changed, and by which members', () => {
    expect(diffManifests(before, after).map(changeText)).toEqual([
      '- integration stripe.acme', '~ integration slack.ops (paused, limits)', '+ integration github.acme', '~ route paid (on, when)',
    ]);
  });

  it('names a retention that is new, gone, or another', () => {
    const keep = (retention: string) => parseManifest(`version: 1\nretention: { ${retention} }`);
    expect(diffManifests(keep('inbound: 90d, command: 90d'), keep('inbound: 30d, ids: 40d')).map(changeText)).toEqual([
      '- retention command', '~ retention inbound (90d, 30d)', '+ retention ids',
    ]);
  });

  it('is none between a manifest and what the log keeps of it, in whatever order', () => {
    const kept = JSON.parse(JSON.stringify(before));
    kept.integrations.reverse();
    expect(diffManifests(kept, before)).toEqual([]);
  });

  it('is everything where nothing was applied before', () => {
    expect(diffManifests(undefined, before).map(changeText)).toEqual(['+ integration stripe.acme', '+ integration slack.ops', '+ route paid']);
  });
});

describe('a secret', () => {
  it('is warned of when it is written out', () => {
    const manifest = parseManifest(`
version: 1
integrations:
  - partner: stripe
    name: acme
    webhook: { secrets: ['\${A}', whsec_x] }
    credentials: { apiKey: sk_live, other: 'Bearer \${TOKEN}' }
`);
    expect(warnOfSecrets(manifest).map((warning) => warning.split(' is ')[0])).toEqual(['stripe.acme: credentials.apiKey', 'stripe.acme: webhook.secrets[1]']);
  });
});
