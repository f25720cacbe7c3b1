import { describe, expect, it } from 'vitest';
import type { IntegrationSpec } from '#contract';
import { resolveIntegration } from '#manifest';
import { createAccounts } from './accounts.ts';

const spec = (name: string, more: Partial<IntegrationSpec> = {}): IntegrationSpec => ({
  partner: 'acme', name, tenant: 'default', paused: false, credentials: { apiKey: '${KEY}' }, settings: {}, limits: { concurrency: 1, perSecond: 0, timeoutMs: 1_000 }, ...more,
});
const open = (env: Record<string, string>) => createAccounts((given) => resolveIntegration(given, env), { failures: 1, firstOpenMs: 1, maxOpenMs: 1 }, Date.now);

describe('accounts', () => {
  it('stay as they are, breaker and queue, while their specification and secrets do', () => {
    const accounts = open({ KEY: 'one' });
    accounts.update([spec('main')]);
    const before = accounts.get('main');
    accounts.update([spec('main'), spec('other')]);
    expect(accounts.get('main')).toBe(before);
    expect(accounts.all()).toHaveLength(2);
  });

  it('begin anew with a secret that has another value now', () => {
    const env = { KEY: 'one' };
    const accounts = open(env);
    accounts.update([spec('main')]);
    const before = accounts.get('main');
    env.KEY = 'two';
    accounts.update([spec('main')]);
    expect(accounts.get('main')).not.toBe(before);
    expect(accounts.get('main')!.spec.credentials).toEqual({ apiKey: 'two' });
  });

  it('are shut while a stored secret is not there, and say which', () => {
    let stored: { value?: string; problem?: string } = {};
    const accounts = createAccounts((given) => resolveIntegration(given, {}, () => stored), { failures: 1, firstOpenMs: 1, maxOpenMs: 1 }, () => 0);
    const shut = (): string | undefined => {
      accounts.update([spec('main', { credentials: { apiKey: '${vault:acme}' } })]);
      return accounts.get('main')!.shut;
    };
    expect(shut()).toBe('there is no stored secret acme; store it: trunkline secrets set acme');
    stored = { problem: 'the stored secret acme cannot be opened' };
    expect(shut()).toBe('the stored secret acme cannot be opened');
    stored = { value: 'hush' };
    expect(shut()).toBeUndefined();
  });

  it('are shut while they are paused, or a variable is not set, or its file cannot be read', () => {
    const shut = (env: Record<string, string>, more: Partial<IntegrationSpec> = {}) => {
      const accounts = open(env);
      accounts.update([spec('main', more)]);
      return accounts.get('main')!.shut;
    };
    expect(shut({ KEY: 'one' })).toBeUndefined();
    expect(shut({ KEY: 'one' }, { paused: true })).toBe('it is paused in the manifest');
    expect(shut({})).toBe('these variables are not set: KEY');
    expect(shut({ KEY_FILE: '/nowhere/key' }, { settings: { baseUrl: '${URL}' } })).toBe('these variables are not set: URL; KEY_FILE names /nowhere/key, which cannot be read (ENOENT)');
  });
});
