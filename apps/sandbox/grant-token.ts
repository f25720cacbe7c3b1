import { randomUUID } from 'node:crypto';
import { headerText, json, jsonObject, type SandboxAnswer, type SandboxCall } from './played/played-partner.ts';

/** Where each partner gives out tokens (OAuth 2.0), and what its tokens look like. */
const ENDPOINTS: Record<string, { path: string; prefix: string }> = {
  stripe: { path: '/oauth/token', prefix: 'sk_test_' },
  slack: { path: '/api/oauth.v2.access', prefix: 'xoxb-' },
  airtable: { path: '/oauth2/v1/token', prefix: 'oaa' },
  http: { path: '/oauth/token', prefix: '' },
};

const GRANTS = new Set(['authorization_code', 'refresh_token', 'client_credentials']);

const parameters = (call: SandboxCall): Record<string, unknown> =>
  (headerText(call, 'content-type')?.startsWith('application/json') ? jsonObject(call.body) : undefined) ?? Object.fromEntries(new URLSearchParams(call.body.toString('utf8')));

/** The answer of a partner's token endpoint (RFC 6749 §5), or undefined when the call goes elsewhere. Codes and refresh tokens that contain `bad` are refused. */
export const grantToken = (partner: string, call: SandboxCall): SandboxAnswer | undefined => {
  const endpoint = ENDPOINTS[partner];
  if (call.method !== 'POST' || endpoint?.path !== call.path) return undefined;
  const given = parameters(call);
  const isSlack = partner === 'slack';
  const grant = String(given['grant_type'] ?? (isSlack ? 'authorization_code' : ''));
  if (!GRANTS.has(grant)) return json(400, { error: 'unsupported_grant_type' });
  const proof = grant === 'client_credentials' ? 'client' : String(given['refresh_token'] ?? given['code'] ?? 'bad');
  if (proof.includes('bad')) return isSlack ? json(200, { ok: false, error: 'invalid_code' }) : json(400, { error: 'invalid_grant' });
  const token = randomUUID().replaceAll('-', '');
  return json(200, { ...(isSlack ? { ok: true } : {}), access_token: endpoint.prefix + token, refresh_token: `refresh_${token}`, token_type: isSlack ? 'bot' : 'bearer', expires_in: 3600 });
};
