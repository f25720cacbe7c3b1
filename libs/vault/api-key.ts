import { HubError, SCOPES, type Principal, type Scope } from '#contract';
import { rfc3339 } from '#event-log';

/** An API key as everyone may see it: never its secret. Instants are RFC 3339 UTC; without `tenant` it is good for all of them. */
export type ApiKey = {
  id: string;
  name: string;
  scopes: Scope[];
  tenant?: string;
  createdAt: string;
  /** `<kind>:<id>` of the principal that made it. */
  createdBy: string;
  expiresAt?: string;
  revokedAt?: string;
  /** To the minute. */
  lastUsedAt?: string;
};

/** What a new key shall be. */
export type KeyOrder = { name: string; scopes: readonly Scope[]; tenant?: string; expiresAt?: string };

export type KeyRow = {
  id: string;
  name: string;
  scopes: Scope[];
  tenant: string | null;
  created_at: string;
  created_by: string;
  expires_at: string | null;
  revoked_at: string | null;
  last_used_at: string | null;
};

const at = (text: string | null): string | undefined => (text === null ? undefined : rfc3339(text));

export const apiKeyOf = (row: KeyRow): ApiKey => ({
  id: row.id,
  name: row.name,
  scopes: row.scopes,
  tenant: row.tenant ?? undefined,
  createdAt: rfc3339(row.created_at),
  createdBy: row.created_by,
  expiresAt: at(row.expires_at),
  revokedAt: at(row.revoked_at),
  lastUsedAt: at(row.last_used_at),
});

/** Whoever holds this key. */
export const principalOf = ({ id, name, tenant, scopes }: ApiKey): Principal => ({ kind: 'key', id, name, tenant, scopes });

const NAME = /^[^\u0000-\u001f\u007f]{1,100}$/u;
const TENANT = /^[a-z0-9][a-z0-9-]{0,39}$/;

const faultOf = (order: KeyOrder, now: Date): string | undefined => {
  if (!NAME.test(order.name) || order.name.trim() === '') return 'A key needs a name of 1 to 100 characters, so that its use can be told from others.';
  if (order.scopes.length === 0) return `A key needs a scope: one or more of ${SCOPES.join(', ')}.`;
  const unknown = order.scopes.find((scope) => !SCOPES.includes(scope));
  if (unknown !== undefined) return `There is no scope '${unknown}'; there are ${SCOPES.join(', ')}.`;
  if (order.tenant !== undefined && !TENANT.test(order.tenant)) return 'A tenant is named with lower-case letters, digits and dashes, as in the manifest.';
  if (order.tenant !== undefined && order.scopes.includes('admin')) return 'A key of one tenant cannot be admin, for who hands out keys can hand out one for everything. Leave the tenant out, or take operate.';
  if (order.expiresAt !== undefined && !(Date.parse(order.expiresAt) > now.getTime())) return 'A key must expire in the future.';
  return undefined;
};

/** Throws `validation-failed` with the reason when there can be no such key. */
export const assertOrder = (order: KeyOrder, now: Date): void => {
  const fault = faultOf(order, now);
  if (fault !== undefined) throw new HubError('validation-failed', fault);
};
