import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A partner that repeats whatever it is told, in answers and in errors. */
export type TalkativePartner = {
  url: string;
  /** Everything that it received: request line, headers and body. */
  heard(): string;
  stop(): Promise<void>;
};

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  return body;
};

/** By path: `/fail/<status>` answers so, `/refuse-token` as a token endpoint that gives none, `/drop` breaks off, `/garble` answers half a JSON text, anything else is done. Each says `words` and the request. */
export const startTalkativePartner = async (words: string | ((request: string) => string)): Promise<TalkativePartner> => {
  let heard = '';
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const url = new URL(request.url ?? '/', 'http://partner');
      const own = typeof words === 'string' ? words : words(`${request.url} ${body}`);
      const said = `${own} ${request.headers.authorization} ${request.headers['x-api-key']} ${url.search}`;
      heard += `${request.method} ${request.url} ${JSON.stringify(request.headers)} ${body}\n`;
      const status = Number(/^\/fail\/(\d+)/.exec(url.pathname)?.[1] ?? 200);
      if (url.pathname === '/drop') return void request.socket.destroy();
      if (url.pathname === '/refuse-token') return void response.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify({ error: 'invalid_grant', error_description: `${said} ${body}` }));
      const json = url.pathname === '/garble' ? `{"message": "${said}` : JSON.stringify({ error: { code: 'refused', message: said }, message: said });
      response.writeHead(status, { 'content-type': 'application/json', location: `http://partner/things/1${url.search || '?key=none'}` }).end(json);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    heard: () => heard,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
