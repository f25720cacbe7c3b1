import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { answerQuestions } from './answer-questions.ts';

/** What was sent here so far, by path: how many exports, and their bytes. */
export type DroppedTelemetry = Record<string, { exports: number; bytes: number }>;

const dropped: DroppedTelemetry = {};

/** A collector for OTLP over HTTP that takes everything and keeps nothing. */
const server = createServer((request, response) => {
  const seen = (dropped[request.url ?? ''] ??= { exports: 0, bytes: 0 });
  request.on('data', (chunk: Buffer) => void (seen.bytes += chunk.length)).on('end', () => {
    seen.exports += 1;
    response.writeHead(200, { 'content-type': 'application/x-protobuf', 'content-length': 0 }).end();
  });
});
server.keepAliveTimeout = 72_000;
server.listen(0, '127.0.0.1');
await once(server, 'listening');

answerQuestions({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }, async () => dropped);
