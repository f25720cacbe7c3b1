import { createServer, type IncomingMessage, type Server } from 'node:http';
import net, { Socket, type AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { OAuthSpec } from '#contract';
import { PartnerFailure } from '../partner-failure.ts';
import { createTokenClient, type TokenClient } from './create-token-client.ts';

type Answer = { status: number; body: string; headers?: Record<string, string> };
type Asked = { headers: IncomingMessage['headers']; form: Record<string, string>; url: string };

let server: Server;
let url: string;
let client: TokenClient;
let asked: Asked[];
let answer: Answer | 'silence';

const json = (status: number, body: object, headers?: Record<string, string>): Answer => ({ status, body: JSON.stringify(body), headers });

beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
      asked.push({ headers: request.headers, url: request.url!, form: Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString())) });
      if (answer !== 'silence') response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers }).end(answer.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/oauth/token?v=2`;
  client = createTokenClient({ userAgent: 'trunkline/test' });
});
afterAll(async () => {
  server.closeAllConnections();
  await client.close();
  server.close();
});
beforeEach(() => {
  asked = [];
  answer = json(200, { access_token: 'at-1', token_type: 'Bearer', expires_in: 3_600 });
});

const oauth = (more: Partial<OAuthSpec> = {}): OAuthSpec => ({ tokenUrl: url, grant: 'client_credentials', clientId: 'us & co', clientSecret: 'secret:+', clientAuth: 'basic', ...more });
const request = (more: Partial<OAuthSpec> = {}, refreshToken?: string, timeoutMs = 2_000) => client.request(oauth(more), refreshToken, timeoutMs);
const failure = async (promise: Promise<unknown>): Promise<PartnerFailure> => {
  const error = await promise.then((value) => value, (thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(PartnerFailure);
  return error as PartnerFailure;
};

describe('a request for a token', () => {
  it('shows the client in the header, each part encoded as forms are (RFC 6749 §2.3.1)', async () => {
    expect(await request({ scope: 'a b', audience: 'https://api' })).toEqual({ accessToken: 'at-1', refreshToken: undefined, expiresInS: 3_600 });
    expect(asked).toMatchObject([{ url: '/oauth/token?v=2', form: { grant_type: 'client_credentials', scope: 'a b', audience: 'https://api' }, headers: { 'user-agent': 'trunkline/test', accept: 'application/json' } }]);
    expect(Buffer.from(asked[0]!.headers.authorization!.slice(6), 'base64').toString()).toBe('us+%26+co:secret%3A%2B');
  });

  it('shows it in the form where the partner wants that, or its id alone', async () => {
    await request({ clientAuth: 'form' });
    await request({ clientSecret: undefined, grant: 'refresh_token' }, 'rt-1');
    expect(asked.map(({ form, headers }) => [form, headers.authorization])).toEqual([
      [{ grant_type: 'client_credentials', client_id: 'us & co', client_secret: 'secret:+' }, undefined],
      [{ grant_type: 'refresh_token', refresh_token: 'rt-1', client_id: 'us & co' }, undefined],
    ]);
  });

  it('hands over the next refresh token', async () => {
    answer = json(200, { access_token: 'at-2', token_type: 'bearer', refresh_token: 'rt-2' });
    expect(await request({ grant: 'refresh_token' }, 'rt-1')).toEqual({ accessToken: 'at-2', refreshToken: 'rt-2', expiresInS: undefined });
  });

  it.each<[string, Answer | 'silence', object, string]>([
    ['a grant that is used up', json(400, { error: 'invalid_grant', error_description: 'rt-hush-hush was used' }), { failureClass: 'auth', code: 'partner-auth-failed' }, 'gives no token (invalid_grant): the consent has ended'],
    ['a client that is unknown', json(401, { error: 'invalid_client' }, { 'www-authenticate': 'Basic realm="x"' }), { failureClass: 'auth' }, 'oauth.clientSecret'],
    ['a word that nobody knows', json(400, { error: 'no_way' }), { failureClass: 'auth' }, 'gives no token (no_way): check oauth'],
    ['a secret as a word', json(400, { error: 'rt-hush-hush' }), { failureClass: 'auth' }, 'gives no token (***)'],
    ['a page that is not there', { status: 404, body: 'no' }, { failureClass: 'auth' }, 'gives no token (status 404)'],
    ['a redirect', { status: 302, body: '', headers: { location: 'http://127.0.0.1:1/' } }, { failureClass: 'auth' }, 'gives no token (status 302)'],
    ['a server that is busy', json(400, { error: 'temporarily_unavailable' }), { failureClass: 'transient' }, 'temporarily_unavailable'],
    ['a 503', json(503, { error: 'server_error' }, { 'retry-after': '7' }), { failureClass: 'transient', details: { status: 503, retryAfterMs: 7_000 } }, 'answered 503'],
    ['a 500', json(500, {}), { failureClass: 'transient', details: { status: 500 } }, 'answered 500'],
    ['too many requests', json(429, {}, { 'retry-after': '7' }), { failureClass: 'rate-limit', details: { retryAfterMs: 7_000 } }, 'answered 429'],
    ['silence', 'silence', { failureClass: 'transient', code: 'partner-timeout' }, 'gave no answer'],
    ['a success without a token', json(200, { ok: true }), { failureClass: 'transient' }, 'not as OAuth 2.0 has it'],
    ['a success that is no JSON', { status: 200, body: '<html>', headers: { 'content-type': 'text/html' } }, { failureClass: 'transient' }, 'without one'],
    ['more than an answer can hold', json(200, { access_token: 'x'.repeat(300_000), token_type: 'bearer' }), { failureClass: 'transient' }, 'more than'],
  ])('is answered with %s: that is classified, and says what to do', async (_what, given, expected, words) => {
    answer = given;
    const thrown = await failure(request({ grant: 'refresh_token' }, 'rt-hush-hush', given === 'silence' ? 100 : 2_000));
    expect(thrown).toMatchObject(expected);
    expect(thrown.message).toContain(words);
    expect(thrown.message).not.toMatch(/hush|secret:\+/);
    // It says nothing of the command, which was not called for.
    expect(thrown.details.effectUnknown).toBeUndefined();
  });

  it('is not sent to what is no URL, or to nobody', async () => {
    expect(await failure(request({ tokenUrl: 'ftp://x' }))).toMatchObject({ failureClass: 'auth', message: expect.stringContaining('oauth.tokenUrl') });
    expect(await failure(request({ tokenUrl: 'http://127.0.0.1:1/' }))).toMatchObject({ failureClass: 'transient', code: 'partner-unreachable' });
    expect(asked).toEqual([]);
  });

  it('is nobody’s failure when this process has no file descriptor left for it', async () => {
    const own = createTokenClient({ userAgent: 'trunkline/test' });
    const connect = vi.spyOn(net, 'connect').mockImplementation(() => new Socket().destroy(Object.assign(new Error('connect EMFILE'), { code: 'EMFILE' })));
    try {
      const thrown = await failure(own.request(oauth(), undefined, 2_000));
      expect(thrown).toMatchObject({ failureClass: 'transient', code: 'partner-unreachable', details: { notAsked: 'ours' } });
    } finally {
      connect.mockRestore();
      await own.close();
    }
  });
});
