import { describe, expect, it } from 'vitest';
import { HubError, type IntegrationSpec, type OAuthSpec } from '#contract';
import { GateClosed, PartnerFailure, type GrantedToken } from '#partner-kit';
import { fakeClock } from '#testkit';
import type { KeptToken, TokenStore } from '#vault';
import type { Account } from './accounts.ts';
import { authorizeCall } from './authorize-call.ts';
import { keepTokens } from './keep-tokens.ts';

const HOUR_S = 3_600;
const CLIENT: OAuthSpec = { tokenUrl: 'https://p/token', grant: 'client_credentials', clientId: 'us', clientSecret: 's', clientAuth: 'basic' };
const CONSENT: OAuthSpec = { ...CLIENT, grant: 'refresh_token', refreshToken: 'rt-0' };
const accountOf = (oauth?: OAuthSpec): Account => ({ spec: { partner: 'http', name: 'crm', credentials: { apiKey: 'k' }, oauth } as unknown as IntegrationSpec }) as unknown as Account;
const refusal = () => new PartnerFailure('auth', 'partner-auth-failed', 'invalid_grant');

/** What all processes share: the vault, the partner's token endpoint, and time. */
const world = () => {
  const clock = fakeClock();
  const rows = new Map<string, KeptToken>();
  const asked: (string | undefined)[] = [];
  const noted: string[] = [];
  const partner = { expiresInS: HOUR_S as number | undefined, rotates: true, answer: undefined as undefined | (() => Promise<GrantedToken>) };
  let queue: Promise<unknown> = Promise.resolve();
  const store: TokenStore = {
    find: async (account) => rows.get(account),
    keep: async (account, grantHash, token) => {
      const version = (rows.get(account)?.version ?? 0) + 1;
      rows.set(account, { grantHash, version, token });
      return version;
    },
    alone: <T>(_account: string, _withinMs: number, work: () => Promise<T>): Promise<T> => {
      const mine = queue.then(work);
      queue = mine.catch(() => undefined);
      return mine;
    },
  };
  const request = async (_oauth: OAuthSpec, refreshToken: string | undefined): Promise<GrantedToken> => {
    asked.push(refreshToken);
    if (partner.answer !== undefined) return partner.answer();
    const n = asked.length;
    return { accessToken: `at-${n}`, refreshToken: partner.rotates ? `rt-${n}` : undefined, expiresInS: partner.expiresInS };
  };
  const aProcess = (over: Partial<TokenStore> = {}) =>
    keepTokens({ store: { ...store, ...over }, request, note: (_account, outcome) => noted.push(outcome), now: clock.now, withinMs: 1_000 });
  return { clock, rows, asked, noted, partner, aProcess };
};
const textOf = async (held: Promise<{ accessToken: string } | undefined>) => (await held)?.accessToken;

describe('an access token', () => {
  it('is asked for once, however many want it in however many processes, and shared', async () => {
    const { asked, noted, aProcess } = world();
    const [one, other, account] = [aProcess(), aProcess(), accountOf(CLIENT)];
    const all = await Promise.all([...Array(5).keys()].flatMap(() => [textOf(one.current(account)), textOf(other.current(account))]));
    expect(new Set(all)).toEqual(new Set(['at-1']));
    expect(await textOf(aProcess().current(accountOf(CLIENT)))).toBe('at-1');
    expect([asked, noted]).toEqual([[undefined], ['refreshed']]);
  });

  it('is renewed ahead of its end, once, with the refresh token that came with it', async () => {
    const { clock, asked, aProcess, rows } = world();
    const [one, other, account] = [aProcess(), aProcess(), accountOf(CONSENT)];
    await one.current(account);
    await other.current(account);
    await clock.advance((HOUR_S - 301) * 1_000);
    expect(await textOf(one.current(account))).toBe('at-1');
    await clock.advance(2_000);
    expect(await Promise.all([textOf(one.current(account)), textOf(other.current(account))])).toEqual(['at-2', 'at-2']);
    expect(asked).toEqual(['rt-0', 'rt-1']);
    expect(rows.get('http.crm')!.token).toMatchObject({ refreshToken: 'rt-2' });
  });

  it('keeps the refresh token that it has when the partner gives no other, and none that nobody needs', async () => {
    const { clock, asked, partner, aProcess, rows } = world();
    partner.rotates = false;
    const [tokens, account] = [aProcess(), accountOf(CONSENT)];
    await tokens.current(account);
    await clock.advance(HOUR_S * 1_000);
    await tokens.current(account);
    expect(asked).toEqual(['rt-0', 'rt-0']);
    partner.rotates = true;
    await aProcess().current(accountOf(CLIENT));
    expect(rows.get('http.crm')!.token).not.toHaveProperty('refreshToken');
  });

  it('is used to its end when a renewal ahead of it comes to nothing, and the partner is left in peace meanwhile', async () => {
    const { clock, asked, noted, partner, aProcess } = world();
    const [tokens, account] = [aProcess(), accountOf(CLIENT)];
    await tokens.current(account);
    partner.answer = () => Promise.reject(new PartnerFailure('transient', 'partner-error', '503'));
    await clock.advance((HOUR_S - 100) * 1_000);
    for (let i = 0; i < 5; i += 1) expect(await textOf(tokens.current(account))).toBe('at-1');
    expect([asked.length, noted]).toEqual([2, ['refreshed', 'failed']]);
    await clock.advance(100_000);
    await expect(tokens.current(account)).rejects.toMatchObject({ failureClass: 'transient' });
    partner.answer = undefined;
    await clock.advance(5_000);
    expect(await textOf(tokens.current(account))).toBe('at-4');
  });

  it('that nobody said the end of is good until it is refused', async () => {
    const { clock, partner, aProcess } = world();
    partner.expiresInS = undefined;
    const [tokens, account] = [aProcess(), accountOf(CLIENT)];
    await tokens.current(account);
    await clock.advance(1_000 * HOUR_S * 1_000);
    expect(await textOf(tokens.current(account))).toBe('at-1');
  });

  it('of another grant is not taken; a client that has another secret goes on with the newest refresh token', async () => {
    const { clock, asked, aProcess } = world();
    await aProcess().current(accountOf(CONSENT));
    await clock.advance(HOUR_S * 1_000);
    await aProcess().current(accountOf({ ...CONSENT, clientSecret: 'rotated' }));
    await aProcess().current(accountOf({ ...CONSENT, refreshToken: 'rt-new' }));
    expect(asked).toEqual(['rt-0', 'rt-1', 'rt-new']);
  });

  it('is refused to all who ask, for a while, with one question to the partner', async () => {
    const { clock, asked, noted, partner, aProcess } = world();
    partner.answer = () => Promise.reject(refusal());
    const [tokens, account] = [aProcess(), accountOf(CONSENT)];
    const all = await Promise.allSettled([...Array(8).keys()].map(() => tokens.current(account)));
    expect(all.every((one) => one.status === 'rejected' && one.reason.failureClass === 'auth')).toBe(true);
    await expect(tokens.current(account)).rejects.toMatchObject({ failureClass: 'auth' });
    expect([asked.length, noted]).toEqual([1, ['refused']]);
    // Another secret is another account, and is tried at once.
    partner.answer = undefined;
    expect(await textOf(tokens.current(accountOf({ ...CONSENT, clientSecret: 'right' })))).toBe('at-2');
    await clock.advance(5_000);
    expect(await textOf(tokens.current(account))).toBe('at-2');
  });

  it('is renewed and asked for again when the clock is set back meanwhile', async () => {
    const { clock, asked, partner, aProcess } = world();
    const [tokens, account] = [aProcess(), accountOf(CLIENT)];
    const held = await tokens.current(account);
    await clock.advance(-3_600_000);
    expect(await textOf(tokens.renew(account, held))).toBe('at-2');
    partner.answer = () => Promise.reject(refusal());
    const other = accountOf({ ...CLIENT, scope: 'more' });
    await expect(tokens.current(other)).rejects.toMatchObject({ failureClass: 'auth' });
    await clock.advance(-3_600_000);
    partner.answer = undefined;
    expect(await textOf(tokens.current(other))).toBe('at-4');
    expect(asked).toHaveLength(4);
  });

  it('is not asked for with the first refresh token when the newest cannot be opened', async () => {
    const { rows, asked, aProcess } = world();
    await aProcess().current(accountOf(CONSENT));
    rows.set('http.crm', { ...rows.get('http.crm')!, token: undefined, problem: 'It was sealed with the master key k1, which MASTER_KEYS does not hold.' });
    const shut = aProcess().current(accountOf(CONSENT));
    await expect(shut).rejects.toBeInstanceOf(GateClosed);
    await expect(shut).rejects.toThrow(/The token of http.crm cannot be opened. .*k1.* Give that key back to MASTER_KEYS, or have somebody consent anew/);
    expect(asked).toEqual(['rt-0']);
    // Somebody did; and a client by itself needs nothing of the old one.
    expect(await textOf(aProcess().current(accountOf({ ...CONSENT, refreshToken: 'rt-new' })))).toBe('at-2');
    rows.set('http.crm', { ...rows.get('http.crm')!, token: undefined, problem: 'lost' });
    expect(await textOf(aProcess().current(accountOf(CLIENT)))).toBe('at-3');
  });

  it('that the vault did not take is used all the same, and is kept before the partner is asked again', async () => {
    const { clock, rows, asked, noted, aProcess } = world();
    let away = true;
    const keep: TokenStore['keep'] = async (account, grantHash, token) => {
      if (away) throw new HubError('log-unavailable', 'away');
      rows.set(account, { grantHash, version: 1, token });
      return 1;
    };
    const [tokens, account] = [aProcess({ keep }), accountOf(CONSENT)];
    expect(await textOf(tokens.current(account))).toBe('at-1');
    await clock.advance(2_000);
    expect(await textOf(tokens.current(account))).toBe('at-1');
    await clock.advance(HOUR_S * 1_000);
    await expect(tokens.current(account)).rejects.toBeInstanceOf(GateClosed);
    expect([asked, noted, rows.size]).toEqual([['rt-0'], ['refreshed'], 0]);
    away = false;
    // The client has another secret by now; the grant is the same.
    expect(await textOf(tokens.current(accountOf({ ...CONSENT, clientSecret: 'rotated' })))).toBe('at-2');
    expect(asked).toEqual(['rt-0', 'rt-1']);
  });

  it('that the vault did not take is kept as soon as it can be, and gives way to a later one', async () => {
    const { clock, rows, asked, aProcess } = world();
    const failing = new Set(['at-1', 'at-2']);
    const keep: TokenStore['keep'] = async (account, grantHash, token) => {
      if (failing.delete(token.accessToken)) throw new HubError('log-unavailable', 'away');
      const version = (rows.get(account)?.version ?? 0) + 1;
      rows.set(account, { grantHash, version, token });
      return version;
    };
    const [tokens, account] = [aProcess({ keep }), accountOf(CONSENT)];
    await tokens.current(account);
    await clock.advance(1_000);
    expect(await textOf(tokens.current(account))).toBe('at-1');
    expect(rows.get('http.crm')).toMatchObject({ version: 1, token: { accessToken: 'at-1', refreshToken: 'rt-1' } });
    await clock.advance(HOUR_S * 1_000);
    expect(await textOf(tokens.current(account))).toBe('at-2');
    rows.set('http.crm', { ...rows.get('http.crm')!, version: 2, token: { accessToken: 'theirs', refreshToken: 'rt-theirs', obtainedAtMs: clock.now() } });
    await clock.advance(1_000);
    expect(await textOf(tokens.current(account))).toBe('theirs');
    expect(asked).toEqual(['rt-0', 'rt-1']);
  });

  it('waits while the vault is away, which is nobody’s failure', async () => {
    const { asked, noted, aProcess } = world();
    const tokens = aProcess({ find: () => Promise.reject(new HubError('log-unavailable', 'away')) });
    await expect(tokens.current(accountOf(CLIENT))).rejects.toMatchObject({ name: 'GateClosed', message: 'away' });
    expect([asked, noted]).toEqual([[], []]);
  });
});

describe('a call', () => {
  const calling = (over: { refuses(token: string): boolean; oauth?: OAuthSpec }) => {
    const all = world();
    const calls: Record<string, string>[] = [];
    const account = accountOf('oauth' in over ? over.oauth : CLIENT);
    const authorize = authorizeCall(all.aProcess(), { credential: 'authorization', prefix: 'Bearer ' });
    const call = () =>
      authorize(account, async (credentials) => {
        calls.push({ ...credentials });
        if (over.refuses(credentials['authorization'] ?? '')) throw refusal();
        return 'done';
      });
    return { ...all, calls, call };
  };

  it('is made with the token in its place, beside the other credentials', async () => {
    const { calls, call } = calling({ refuses: () => false });
    expect(await call()).toBe('done');
    expect(calls).toEqual([{ apiKey: 'k', authorization: 'Bearer at-1' }]);
  });

  it('is made with what the manifest says where that is no grant, and not again when it is refused', async () => {
    const { calls, call, asked } = calling({ refuses: () => true, oauth: undefined });
    await expect(call()).rejects.toMatchObject({ failureClass: 'auth' });
    expect([calls, asked]).toEqual([[{ apiKey: 'k' }], []]);
  });

  it('is made again, once, with another token when the partner refuses the first', async () => {
    const { clock, calls, call, asked } = calling({ refuses: (token) => token === 'Bearer at-1' });
    await expect(call()).rejects.toMatchObject({ failureClass: 'auth' });
    await clock.advance(5_000);
    expect(await Promise.all([call(), call(), call()])).toEqual(['done', 'done', 'done']);
    expect(calls.slice(1).map(({ authorization }) => authorization).toSorted()).toEqual(['Bearer at-1', 'Bearer at-1', 'Bearer at-1', 'Bearer at-2', 'Bearer at-2', 'Bearer at-2']);
    expect(asked).toHaveLength(2);
  });

  it('fails when the partner refuses the next token too, and no third is asked for', async () => {
    const { clock, calls, call, asked } = calling({ refuses: () => true });
    await call().catch(() => undefined);
    await clock.advance(5_000);
    await expect(call()).rejects.toMatchObject({ failureClass: 'auth' });
    await expect(call()).rejects.toMatchObject({ failureClass: 'auth' });
    expect([calls.length, asked.length]).toEqual([4, 2]);
  });

  it('is not made without a token, and is told from one that the partner refused', async () => {
    const { calls, call, partner } = calling({ refuses: () => false });
    partner.answer = () => Promise.reject(refusal());
    await expect(call()).rejects.toMatchObject({ failureClass: 'auth', details: { notAsked: 'no-token' } });
    const own = calling({ refuses: () => false });
    own.partner.answer = () => Promise.reject(new PartnerFailure('transient', 'partner-unreachable', 'no descriptor', { notAsked: 'ours' }));
    await expect(own.call()).rejects.toMatchObject({ details: { notAsked: 'ours' } });
    expect(calls).toEqual([]);
  });

  it('is not made again when its effect is not known', async () => {
    const { aProcess, clock } = world();
    let calls = 0;
    const authorize = authorizeCall(aProcess(), { credential: 'token' });
    const call = () => authorize(accountOf(CLIENT), async () => {
      calls += 1;
      throw new PartnerFailure('auth', 'partner-auth-failed', 'half', { effectUnknown: true });
    });
    await call().catch(() => undefined);
    await clock.advance(60_000);
    await expect(call()).rejects.toThrow('half');
    expect(calls).toBe(2);
  });
});
