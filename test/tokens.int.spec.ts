import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { OAuthSpec } from '#contract';
import { migrate, openDatabase, type Database } from '#event-log';
import { createTokenClient, PartnerFailure, type TokenClient } from '#partner-kit';
import { fakeClock, freshDatabase, TEST_MASTER_KEYS, type FreshDatabase } from '#testkit';
import { migrateVault, openMasterKeys, openTokenStore } from '#vault';
import { startSandbox, type Sandbox } from '../apps/sandbox/start-sandbox.ts';
import { startTokenPartner, type TokenPartner } from './harness/token-partner.ts';
import type { Account } from '../apps/connector/accounts.ts';
import { authorizeCall } from '../apps/connector/authorize-call.ts';
import { keepTokens } from '../apps/connector/keep-tokens.ts';

let server: FreshDatabase;
let processes: Database[];
let partner: TokenPartner;
let sandbox: Sandbox;
let client: TokenClient;

beforeAll(async () => {
  server = await freshDatabase();
  await migrate(server.url);
  await migrateVault(server.url);
  processes = [1, 2, 3].map((n) => openDatabase({ url: server.url, applicationName: `tokens-test-${n}`, max: 2 }));
  client = createTokenClient({ userAgent: 'trunkline/test' });
  sandbox = await startSandbox({ port: 0 });
});
afterAll(async () => {
  await Promise.all([client.close(), sandbox.stop(), partner.stop(), ...processes.map((db) => db.close())]);
  await server.drop();
});
beforeEach(async () => {
  await partner?.stop();
  partner = await startTokenPartner({ apiKey: 'none', clientSecret: 'client', refreshToken: 'rt-first', lifetimeS: 3_600 });
});

const accountOf = (name: string, oauth: OAuthSpec): Account => ({ spec: { partner: 'http', name, credentials: {}, oauth } }) as unknown as Account;
const consented = (name: string): Account =>
  accountOf(name, { tokenUrl: `${partner.url}/oauth/token`, grant: 'refresh_token', clientId: 'hub', clientSecret: 'client', clientAuth: 'basic', refreshToken: 'rt-first' });

/** One call from each of a few processes, each several times at once. */
const world = (name: string) => {
  const clock = fakeClock(Date.now());
  const noted: string[] = [];
  const callers = processes.map((db) => {
    const tokens = keepTokens({ store: openTokenStore(db, openMasterKeys(TEST_MASTER_KEYS)), request: client.request, note: (_account, outcome) => noted.push(outcome), now: clock.now, withinMs: 5_000 });
    return { authorize: authorizeCall(tokens, { credential: 'authorization', prefix: 'Bearer ' }), account: consented(name) };
  });
  const call = (n: number): Promise<number> => {
    const { authorize, account } = callers[n % callers.length]!;
    return authorize(account, async ({ authorization }) => {
      const { status } = await fetch(`${partner.url}/tokens`, { headers: { authorization: authorization! } });
      if (status === 401) throw new PartnerFailure('auth', 'partner-auth-failed', 'refused');
      return status;
    });
  };
  return { clock, noted, calls: (many: number) => Promise.all([...Array(many).keys()].map(call)) };
};

it('asks the partner once for all processes, and for each renewal once with the newest refresh token', async () => {
  const { clock, noted, calls } = world('crm');
  expect(new Set(await calls(24))).toEqual(new Set([200]));
  await clock.advance(3_590_000);
  expect(new Set(await calls(24))).toEqual(new Set([200]));
  expect(partner.seen.tokens).toEqual({ given: 2, refused: 0, reused: 0 });
  expect(noted).toEqual(['refreshed', 'refreshed']);
});

it('renews a token that the partner took back once, however many calls it refused', async () => {
  const { clock, calls } = world('taken');
  await calls(3);
  partner.revoke();
  await clock.advance(10_000);
  expect(new Set(await calls(24))).toEqual(new Set([200]));
  expect(partner.seen.tokens).toEqual({ given: 2, refused: 0, reused: 0 });
});

it('fails as an account whose credentials are refused when the partner gives no further token', async () => {
  const { calls } = world('ended');
  partner.clientSecrets.clear();
  await expect(calls(3)).rejects.toMatchObject({ failureClass: 'auth', message: expect.stringContaining('gives no token (invalid_client): check oauth.clientId') });
});

it('gets tokens from the sandbox in the way of each partner that takes some', async () => {
  const consent = { grant: 'refresh_token', clientId: 'hub', clientSecret: 'any', clientAuth: 'basic', refreshToken: 'consent' } as const;
  const airtable = { ...consent, tokenUrl: `${sandbox.url}/airtable/oauth2/v1/token` };
  const http = { tokenUrl: `${sandbox.url}/http/oauth/token`, grant: 'client_credentials', clientId: 'hub', clientSecret: 'any', clientAuth: 'form' } as const;
  expect(await client.request(airtable, 'consent', 2_000)).toMatchObject({ accessToken: expect.stringMatching(/^oaa/), refreshToken: expect.stringMatching(/^refresh_/), expiresInS: 3_600 });
  expect(await client.request(http, undefined, 2_000)).toMatchObject({ accessToken: expect.any(String), expiresInS: 3_600 });
  await expect(client.request(airtable, 'a bad one', 2_000)).rejects.toMatchObject({ failureClass: 'auth', message: expect.stringContaining('invalid_grant') });
});
