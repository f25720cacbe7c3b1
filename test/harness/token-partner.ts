import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the partner saw. Calls are counted by what they showed; `foreign` are those with something that was never given out. */
export type Seen = {
  /** Calls that had their effect, by idempotency key. */
  effects: Map<string, number>;
  /** Calls with an API key, by the key. */
  keys: Map<string, number>;
  foreign: number;
  /** Calls with a token that had ended or was taken back. */
  late: number;
  /** Tokens given; questions for one that were refused, and those with a refresh token that was used before. */
  tokens: { given: number; refused: number; reused: number };
};

/**
 * A partner that takes an API key at `/keyed` and an access token at `/tokens`, and is strict: keys are good for as long as they are in
 * `keys`, access tokens end, refresh tokens are good once (`/oauth/token`), and clients show one of `clientSecrets`.
 */
export type TokenPartner = {
  url: string;
  keys: Set<string>;
  clientSecrets: Set<string>;
  seen: Seen;
  /** Every token and refresh token that it ever gave. */
  given: string[];
  /** Takes the newest access token back before its time. */
  revoke(): void;
  stop(): Promise<void>;
};

type Options = { apiKey: string; clientSecret: string; refreshToken: string; lifetimeS: number };
type Answer = { status: number; body: object };

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  return body;
};

const add = (counts: Map<string, number>, key: string): void => void counts.set(key, (counts.get(key) ?? 0) + 1);

const secretOf = (request: IncomingMessage): string => Buffer.from((request.headers.authorization ?? '').replace(/^Basic /, ''), 'base64').toString().split(':')[1] ?? '';

const answers = ({ apiKey, clientSecret, refreshToken, lifetimeS }: Options) => {
  const keys = new Set([apiKey]);
  const clientSecrets = new Set([clientSecret]);
  const everKeys = new Set(keys);
  const access = new Map<string, number>();
  const given: string[] = [];
  const seen: Seen = { effects: new Map(), keys: new Map(), foreign: 0, late: 0, tokens: { given: 0, refused: 0, reused: 0 } };
  let newest = refreshToken;
  const used = new Set<string>();

  const refuse = (error: string): Answer => {
    seen.tokens.refused += 1;
    return { status: 400, body: { error } };
  };
  const grant = (request: IncomingMessage, form: URLSearchParams): Answer => {
    const shown = form.get('refresh_token') ?? '';
    if (!clientSecrets.has(decodeURIComponent(secretOf(request)))) return refuse('invalid_client');
    if (used.has(shown)) seen.tokens.reused += 1;
    if (shown !== newest) return refuse('invalid_grant');
    used.add(shown);
    newest = `rt-${randomBytes(9).toString('hex')}`;
    const token = `at-${randomBytes(9).toString('hex')}`;
    access.set(token, Date.now() + lifetimeS * 1_000);
    given.push(token, newest);
    seen.tokens.given += 1;
    return { status: 200, body: { access_token: token, token_type: 'Bearer', refresh_token: newest, expires_in: lifetimeS } };
  };
  const take = (request: IncomingMessage, lets: boolean): Answer => {
    if (!lets) return { status: 401, body: { error: 'unauthorized' } };
    add(seen.effects, `${request.url} ${request.headers['idempotency-key']}`);
    return { status: 200, body: { id: 'done' } };
  };
  const keyed = (request: IncomingMessage): Answer => {
    const key = String(request.headers['x-api-key']);
    for (const one of keys) everKeys.add(one);
    if (!everKeys.has(key)) seen.foreign += 1;
    add(seen.keys, key);
    return take(request, keys.has(key));
  };
  const tokened = (request: IncomingMessage): Answer => {
    const until = access.get((request.headers.authorization ?? '').replace(/^Bearer /, ''));
    if (until === undefined) seen.foreign += 1;
    else if (until <= Date.now()) seen.late += 1;
    return take(request, until !== undefined && until > Date.now());
  };
  const answer = (request: IncomingMessage, body: string): Answer => {
    if (request.url === '/oauth/token') return grant(request, new URLSearchParams(body));
    return request.url?.startsWith('/keyed') ? keyed(request) : tokened(request);
  };
  const revoke = (): void => void access.set([...access.keys()].at(-1)!, 0);
  return { keys, clientSecrets, seen, given, answer, revoke };
};

/** Starts it on a free port. */
export const startTokenPartner = async (options: Options): Promise<TokenPartner> => {
  const { answer, ...partner } = answers(options);
  const reply = (response: ServerResponse, { status, body }: Answer): void => void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  const server = createServer((request, response) => void bodyOf(request).then((body) => reply(response, answer(request, body))));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    ...partner,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
