import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { answerQuestions } from './answer-questions.ts';

/** How long each call waits for its answer from now on. */
export type SlowPartnerOrder = { delayMs: number };
export type SlowPartnerReport = { calls: number };

let delayMs = 0;
let calls = 0;

const server = createServer((request, response) => {
  request.resume().on('end', () => {
    calls += 1;
    setTimeout(() => response.writeHead(200, { 'content-length': 0 }).end(), delayMs);
  });
});
server.keepAliveTimeout = 72_000;
server.listen(0, '127.0.0.1');
await once(server, 'listening');

answerQuestions({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }, async (question): Promise<SlowPartnerReport> => {
  ({ delayMs } = question as SlowPartnerOrder);
  return { calls };
});
