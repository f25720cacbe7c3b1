import { describe, expect, it } from 'vitest';
import type { IntegrationSpec } from '#contract';
import { resolveIntegration } from './resolve-integration.ts';

const spec: IntegrationSpec = {
  partner: 'slack', name: 'ops', tenant: 'default', paused: false,
  webhook: { secrets: ['${NEW_SECRET}', '${OLD_SECRET}'] },
  credentials: { botToken: '${TOKEN}', webhookUrl: '${BASE:-http://127.0.0.1}/${PATH_PART}' },
  settings: { channel: 'C1', baseUrl: '${BASE:-http://127.0.0.1}' },
  limits: { concurrency: 8, perSecond: 0, timeoutMs: 10_000 },
};

describe('an integration', () => {
  it('has its references filled in, and the rest as it was', () => {
    const resolved = resolveIntegration(spec, { NEW_SECRET: 'n', OLD_SECRET: 'o', TOKEN: 't', PATH_PART: 'p', BASE: 'https://x' });
    expect(resolved).toEqual({
      missing: [],
      problems: [],
      spec: { ...spec, webhook: { secrets: ['n', 'o'] }, credentials: { botToken: 't', webhookUrl: 'https://x/p' }, settings: { channel: 'C1', baseUrl: 'https://x' } },
    });
  });

  it('has the references of its tokens filled in too, from the vault where they say so', () => {
    const oauth = { tokenUrl: '${BASE}/token', grant: 'client_credentials', clientId: 'us', clientSecret: '${vault:crm}', clientAuth: 'basic' } as const;
    const { spec: resolved, problems } = resolveIntegration({ ...spec, oauth }, { TOKEN: 't', PATH_PART: 'p', BASE: 'https://x' }, (name) => ({ value: `stored ${name}` }));
    expect([resolved.oauth, problems]).toEqual([{ ...oauth, tokenUrl: 'https://x/token', clientSecret: 'stored crm' }, []]);
    expect(resolveIntegration({ ...spec, oauth }, {}, () => ({})).problems).toEqual(['there is no stored secret crm; store it: trunkline secrets set crm']);
  });

  it('names each variable that is not set once', () => {
    expect(resolveIntegration({ ...spec, credentials: { a: '${X}', b: '${X}${Y}' } }, {}).missing).toEqual(['X', 'Y']);
  });

  it('has no secret rather than an empty one', () => {
    const { spec: resolved, missing } = resolveIntegration(spec, { OLD_SECRET: 'o', NEW_SECRET: '', TOKEN: 't', PATH_PART: 'p' });
    expect(resolved.webhook!.secrets).toEqual(['o']);
    expect(missing).toEqual([]);
  });

  it('says what is wrong with each file once, and takes no secret from it', () => {
    const env = { NEW_SECRET_FILE: '/nowhere/new', OLD_SECRET: 'o', TOKEN_FILE: '/nowhere/token', PATH_PART: 'p' };
    const { spec: resolved, missing, problems } = resolveIntegration({ ...spec, credentials: { a: '${TOKEN}', b: '${TOKEN}' } }, env);
    expect(problems).toEqual(['TOKEN_FILE names /nowhere/token, which cannot be read (ENOENT)', 'NEW_SECRET_FILE names /nowhere/new, which cannot be read (ENOENT)']);
    expect([resolved.webhook!.secrets, missing]).toEqual([['o'], []]);
  });
});
