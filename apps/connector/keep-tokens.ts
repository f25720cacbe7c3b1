import { createHash } from 'node:crypto';
import { HubError, isHubError, type OAuthSpec } from '#contract';
import { GateClosed, PartnerFailure, type GrantedToken } from '#partner-kit';
import type { TokenOutcome } from '#telemetry';
import type { KeptToken, Token, TokenStore } from '#vault';
import type { Account } from './accounts.ts';

export type Tokens = {
  /** The account's token, renewed when it soon ends. Throws `PartnerFailure`, or `GateClosed` when the vault cannot say now. */
  current(account: Account): Promise<Token>;
  /** Another token than this one, which the partner refused; undefined when it was made just now, so that another would not help. Throws as `current`. */
  renew(account: Account, refused: Token): Promise<Token | undefined>;
};

type Needs = {
  store: TokenStore;
  /** Asks the partner once. */
  request(oauth: OAuthSpec, refreshToken: string | undefined, timeoutMs: number): Promise<GrantedToken>;
  note(account: Account, outcome: TokenOutcome, why?: string): void;
  now(): number;
  /** How long one request may take, and how long to wait for one of another process, in ms. */
  withinMs: number;
};

/** A token is renewed in the last tenth of its time, at most five minutes ahead. */
const AHEAD_MS = 300_000;
/** A token that is refused so soon is not refused for its age. */
const FRESH_MS = 2_000;
/** After a request that came to nothing, others share its result for so long. */
const REST_MS = 5_000;
/** When the vault cannot say, until it is asked again. */
const VAULT_AWAY_MS = 1_000;

const isGood = ({ expiresAtMs }: Token, nowMs: number): boolean => expiresAtMs === undefined || nowMs < expiresAtMs;

const isGoodForLonger = (token: Token, nowMs: number): boolean => {
  const { obtainedAtMs, expiresAtMs } = token;
  return expiresAtMs === undefined || nowMs < expiresAtMs - Math.min(AHEAD_MS, (expiresAtMs - obtainedAtMs) / 10);
};

/** Whether something happened so recently; what a clock that was set back takes for the future is long ago. */
const wasWithin = (atMs: number, ms: number, nowMs: number): boolean => nowMs >= atMs && nowMs < atMs + ms;

/** Tells grants apart. A client's new secret goes on with the old grant: the refresh token that is kept is still the newest. */
const hashOf = ({ tokenUrl, grant, clientId, refreshToken, scope, audience }: OAuthSpec): Buffer =>
  createHash('sha256').update(JSON.stringify([tokenUrl, grant, clientId, refreshToken, scope, audience])).digest();

const nameOf = ({ spec }: Account): string => `${spec.partner}.${spec.name}`;

const tokenOf = (granted: GrantedToken, grant: OAuthSpec['grant'], used: string | undefined, nowMs: number): Token => ({
  accessToken: granted.accessToken,
  ...(grant === 'refresh_token' && { refreshToken: granted.refreshToken ?? used }),
  obtainedAtMs: nowMs,
  ...(granted.expiresInS !== undefined && { expiresAtMs: nowMs + granted.expiresInS * 1_000 }),
});

/**
 * The refresh token to use now: the newest that the partner gave. When it cannot be opened, the first one is no replacement: partners
 * take its second use for theft, and end the whole grant.
 */
const refreshTokenOf = (account: Account, oauth: OAuthSpec, kept: KeptToken | undefined): string | undefined => {
  if (oauth.grant === 'client_credentials') return undefined;
  if (kept?.problem === undefined) return kept?.token?.refreshToken ?? oauth.refreshToken;
  const instead = 'Give that key back to MASTER_KEYS, or have somebody consent anew and store the new refresh token';
  throw new HubError('sealed-unreadable', `The token of ${nameOf(account)} cannot be opened. ${kept.problem} ${instead}.`);
};

type State = { held?: Token; renewing?: Promise<Token>; failed?: { error: unknown; atMs: number } };

/** What the partner gave and the vault has not taken yet; `after` is the version that was kept of the same grant when it was asked for. */
type Unsaved = { token: Token; after: number | undefined; triedAtMs: number };

const unsavedKey = (account: Account): string => `${nameOf(account)} ${hashOf(account.spec.oauth!).toString('hex')}`;

/**
 * One request at a time and account, across processes: whoever waited finds the token that the other got. What the vault did not take is
 * offered to it again before the partner is asked again: the refresh token in it is the only one that the partner does not take for stolen.
 */
const renewOnce = async (needs: Needs, unsaved: Map<string, Unsaved>, account: Account, refused: Token | undefined): Promise<Token> => {
  const oauth = account.spec.oauth!;
  const [name, grantHash, key] = [nameOf(account), hashOf(oauth), unsavedKey(account)];
  const find = async (): Promise<KeptToken | undefined> => {
    const kept = await needs.store.find(name);
    return kept?.grantHash.equals(grantHash) ? kept : undefined;
  };
  const usable = (token: Token | undefined): Token | undefined =>
    token !== undefined && token.accessToken !== refused?.accessToken && isGoodForLonger(token, needs.now()) ? token : undefined;
  const keep = async (token: Token, after: number | undefined): Promise<void> => {
    unsaved.set(key, { token, after, triedAtMs: needs.now() });
    await needs.store.keep(name, grantHash, token);
    unsaved.delete(key);
  };
  const askPartner = async (kept: KeptToken | undefined): Promise<Token> => {
    const used = refreshTokenOf(account, oauth, kept);
    const token = tokenOf(await needs.request(oauth, used, needs.withinMs), oauth.grant, used, needs.now());
    const problem = await keep(token, kept?.version).then(() => undefined, (error: Error) => `It is used, and could not be kept yet: ${error.message}`);
    needs.note(account, 'refreshed', problem);
    return token;
  };
  const underLock = async (): Promise<Token> => {
    const [kept, mine] = [await find(), unsaved.get(key)];
    // It was kept after all, or another process has got a later one.
    if (mine !== undefined && kept !== undefined && kept.version !== mine.after) unsaved.delete(key);
    if (!unsaved.has(key)) return usable(kept?.token) ?? askPartner(kept);
    await keep(mine!.token, mine!.after);
    return usable(mine!.token) ?? askPartner(await find());
  };
  const found = unsaved.has(key) ? undefined : usable((await find())?.token);
  return found ?? needs.store.alone(name, needs.withinMs, underLock);
};

const asClosed = (error: unknown, nowMs: number): unknown => (isHubError(error) ? new GateClosed(nowMs + VAULT_AWAY_MS, error.message) : error);

/** Keeps the accounts' tokens: in memory, and sealed in the vault for all processes. */
export const keepTokens = (needs: Needs): Tokens => {
  // Another grant, or another secret, makes another account: nothing of the old one is left.
  const states = new WeakMap<Account, State>();
  // By grant, not by account: a client's new secret goes on with the refresh token.
  const unsaved = new Map<string, Unsaved>();
  const isToBeSaved = (account: Account): boolean => {
    const mine = unsaved.size === 0 ? undefined : unsaved.get(unsavedKey(account));
    return mine !== undefined && !wasWithin(mine.triedAtMs, VAULT_AWAY_MS, needs.now());
  };
  const stateOf = (account: Account): State => {
    const known = states.get(account) ?? {};
    states.set(account, known);
    return known;
  };
  const attempt = async (account: Account, state: State, refused: Token | undefined): Promise<Token> => {
    if (state.failed !== undefined && wasWithin(state.failed.atMs, REST_MS, needs.now())) throw state.failed.error;
    try {
      state.held = await renewOnce(needs, unsaved, account, refused);
      state.failed = undefined;
      return state.held;
    } catch (error) {
      if (!(error instanceof PartnerFailure)) throw asClosed(error, needs.now());
      needs.note(account, error.failureClass === 'auth' ? 'refused' : 'failed', error.message);
      state.failed = { error, atMs: needs.now() };
      throw error;
    }
  };
  const renewing = (account: Account, state: State, refused: Token | undefined): Promise<Token> => {
    state.renewing ??= attempt(account, state, refused).finally(() => (state.renewing = undefined));
    return state.renewing;
  };
  return {
    current: async (account) => {
      const state = stateOf(account);
      const { held } = state;
      if (held !== undefined && isGoodForLonger(held, needs.now()) && !isToBeSaved(account)) return held;
      try {
        return await renewing(account, state, undefined);
      } catch (error) {
        if (held !== undefined && isGood(held, needs.now())) return held;
        throw error;
      }
    },
    renew: async (account, refused) => {
      const state = stateOf(account);
      if (state.held !== undefined && state.held.accessToken !== refused.accessToken) return state.held;
      if (wasWithin(refused.obtainedAtMs, FRESH_MS, needs.now())) return undefined;
      return renewing(account, state, refused);
    },
  };
};
