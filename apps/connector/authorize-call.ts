import { PartnerFailure, type Partner } from '#partner-kit';
import type { Token } from '#vault';
import type { Account } from './accounts.ts';
import type { Tokens } from './keep-tokens.ts';

type Credentials = Readonly<Record<string, string>>;

/** The partner did not let us in, so the call had no effect and may be made again. */
const wasRefused = (error: unknown): boolean => error instanceof PartnerFailure && error.failureClass === 'auth' && error.details.effectUnknown !== true;

const asUnasked = (error: unknown): never => {
  if (!(error instanceof PartnerFailure)) throw error;
  throw new PartnerFailure(error.failureClass, error.code, error.message, { ...error.details, notAsked: error.details.notAsked ?? 'no-token' });
};

/**
 * Makes a call with an account's credentials; for an account with `oauth`, its access token is among them. When the partner refuses it,
 * it is renewed once and the call is made again, in the same attempt and under the same idempotency key.
 */
export const authorizeCall = (tokens: Tokens, place: Partner['oauth']) => async <T>(account: Account, ask: (credentials: Credentials) => Promise<T>): Promise<T> => {
  const { oauth, credentials } = account.spec;
  if (oauth === undefined || place === undefined) return ask(credentials);
  const withToken = ({ accessToken }: Token): Credentials => ({ ...credentials, [place.credential]: `${place.prefix ?? ''}${accessToken}` });
  const held = await tokens.current(account).catch(asUnasked);
  try {
    return await ask(withToken(held));
  } catch (error) {
    if (!wasRefused(error)) throw error;
    const renewed = await tokens.renew(account, held);
    if (renewed === undefined) throw error;
    return ask(withToken(renewed));
  }
};
