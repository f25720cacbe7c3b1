import {
  allowInsecureRequests, ClientError, clientCredentialsGrant, ClientSecretBasic, ClientSecretPost, Configuration, customFetch, None, refreshTokenGrant,
  ResponseBodyError, WWWAuthenticateChallengeError, type ClientAuth, type CustomFetch,
} from 'openid-client';
import type { OAuthSpec } from '#contract';
import { classifyAnswer, classifyBreak } from '../http/classify-answer.ts';
import { exchange, ExchangeError, type Incoming } from '../http/exchange.ts';
import { readAnswer } from '../http/read-answer.ts';
import { scrub } from '../http/scrub.ts';
import { Pools } from '../http/undici-adapter.ts';
import { PartnerFailure } from '../partner-failure.ts';

/** What a token endpoint gave. Without `expiresInS` it did not say how long the token is good. */
export type GrantedToken = { accessToken: string; refreshToken?: string; expiresInS?: number };

export type TokenClient = {
  /**
   * Asks a token endpoint once (RFC 6749 §4.4, §6). Throws `PartnerFailure`: `auth` when it refuses the grant or the client, with what
   * to do; `transient` or `rate-limit` when asking again later may help. No secret is in its message.
   */
  request(oauth: OAuthSpec, refreshToken: string | undefined, timeoutMs: number): Promise<GrantedToken>;
  /** Lets running requests end. */
  close(): Promise<void>;
};

const LONGEST_ANSWER = 256 * 1024;

/** The library's `fetch`, over our own pools: with a time limit, a longest answer, and no redirects, which would carry the secret elsewhere. */
const fetchOver = (pools: Pools, userAgent: string, timeoutMs: number): CustomFetch => async (url, options) => {
  const { origin, pathname, search } = new URL(url);
  const own = Object.fromEntries(new Headers(options.headers as Record<string, string>));
  const headers = { 'content-type': 'application/x-www-form-urlencoded;charset=UTF-8', ...own, 'user-agent': userAgent };
  const request = { method: options.method, url, headers };
  let answer: Incoming;
  try {
    const out = { origin, path: pathname + search, method: options.method, headers: Object.entries(headers).flat(), body: String(options.body) };
    answer = await exchange(pools.for(origin), out, { timeoutMs, maxAnswerBytes: LONGEST_ANSWER });
  } catch (error) {
    throw error instanceof ExchangeError ? classifyBreak(request, error) : error;
  }
  if (answer.status === 429 || answer.status >= 500) throw classifyAnswer(request, readAnswer(request, answer), Date.now());
  return new Response(answer.body.length === 0 ? null : new Uint8Array(answer.body), { status: answer.status, headers: answer.headers });
};

const clientAuthOf = ({ clientSecret, clientAuth }: OAuthSpec): ClientAuth => {
  if (clientSecret === undefined) return None();
  return clientAuth === 'basic' ? ClientSecretBasic(clientSecret) : ClientSecretPost(clientSecret);
};

const urlOf = (text: string): URL => {
  const url = URL.parse(text);
  if (url !== null && /^https?:$/.test(url.protocol)) return url;
  throw new PartnerFailure('auth', 'partner-auth-failed', 'oauth.tokenUrl is neither an http nor an https URL: correct it in trunkline.yaml');
};

const configure = (oauth: OAuthSpec, doFetch: CustomFetch): Configuration => {
  const url = urlOf(oauth.tokenUrl);
  const config = new Configuration({ issuer: url.origin, token_endpoint: url.href }, oauth.clientId, {}, clientAuthOf(oauth));
  config[customFetch] = doFetch;
  // As with baseUrl, what the manifest writes is what is used.
  if (url.protocol === 'http:') allowInsecureRequests(config);
  return config;
};

/** The partner may be able to answer in a while (RFC 6749 §4.1.2.1, RFC 8628 §3.5). */
const PASSING = new Set(['temporarily_unavailable', 'server_error', 'slow_down']);

const WHAT_TO_DO = new Map([
  ['invalid_grant', 'the consent has ended or was used up. Have somebody consent anew, and store the new refresh token under the name that oauth.refreshToken has (trunkline secrets set <name>)'],
  ['invalid_client', 'check oauth.clientId, oauth.clientSecret and oauth.clientAuth; store a new secret under the name that oauth.clientSecret has (trunkline secrets set <name>)'],
  ['invalid_scope', 'correct oauth.scope in trunkline.yaml, or let the partner allow it'],
]);

const refused = (where: string, word: string): PartnerFailure =>
  new PartnerFailure('auth', 'partner-auth-failed', `${where} gives no token (${word}): ${WHAT_TO_DO.get(word) ?? 'check oauth in trunkline.yaml against what the partner says of this client'}`);

const passing = (where: string, words: string): PartnerFailure => new PartnerFailure('transient', 'partner-error', `${where} gives no token: ${words}`);

/** Only the partner's short word is passed on: what else it says may repeat what it was sent. */
const judgeWord = (where: string, word: string): PartnerFailure => (PASSING.has(word) ? passing(where, word) : refused(where, word));

const judgeStatus = (where: string, status: number): PartnerFailure =>
  status >= 300 && status < 500 ? refused(where, `status ${status}`) : passing(where, `status ${status} without one`);

/** What became of the request concerns the token: the command was not called for, so it is neither refused nor unreadable. What was ours stays ours. */
const forToken = ({ failureClass, code, message, details }: PartnerFailure): PartnerFailure => {
  const asClass = failureClass === 'data' ? 'transient' : failureClass === 'client' ? 'auth' : failureClass;
  return new PartnerFailure(asClass, code, message, { status: details.status, retryAfterMs: details.retryAfterMs, notAsked: details.notAsked });
};

const asFailure = (error: unknown, where: string, hide: (word: string) => string): unknown => {
  if (error instanceof PartnerFailure) return error;
  if (error instanceof ResponseBodyError) return judgeWord(where, hide(error.error));
  if (error instanceof WWWAuthenticateChallengeError) return refused(where, 'invalid_client');
  if (!(error instanceof ClientError)) return error;
  if (error.cause instanceof PartnerFailure) return forToken(error.cause);
  return error.cause instanceof Response ? judgeStatus(where, error.cause.status) : passing(where, 'its answer is not as OAuth 2.0 has it');
};

/** Opens a client for token endpoints; its connections are its own. */
export const createTokenClient = ({ userAgent }: { userAgent: string }): TokenClient => {
  const pools = new Pools({ connections: 2, connectTimeoutMs: 5_000 });
  return {
    request: async (oauth, refreshToken, timeoutMs) => {
      const config = configure(oauth, fetchOver(pools, userAgent, timeoutMs));
      const more: Record<string, string> = { ...(oauth.scope && { scope: oauth.scope }), ...(oauth.audience && { audience: oauth.audience }) };
      const hide = (word: string): string =>
        WHAT_TO_DO.has(word) || PASSING.has(word)
          ? word
          : scrub(word.slice(0, 100), { url: '', headers: { 'client-secret': oauth.clientSecret ?? '', 'refresh-token': refreshToken ?? '' } });
      try {
        const answer = refreshToken === undefined ? await clientCredentialsGrant(config, more) : await refreshTokenGrant(config, refreshToken, more);
        return { accessToken: answer.access_token, refreshToken: answer.refresh_token, expiresInS: answer.expires_in };
      } catch (error) {
        throw asFailure(error, new URL(oauth.tokenUrl).host, hide);
      }
    },
    close: () => pools.close(),
  };
};
