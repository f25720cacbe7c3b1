import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import { problem, PROBLEM_MEDIA_TYPE, type ErrorCode } from '#contract';
import { edgeHeaders } from './guard-edges.ts';

const REASONS: Record<string, [number, string, ErrorCode, string]> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'Request Timeout', 'request-timeout', 'The request took too long to arrive. Send it in one go.'],
  HPE_HEADER_OVERFLOW: [431, 'Request Header Fields Too Large', 'too-large', 'The request\'s headers are too large.'],
};

/** Answers what is not even an HTTP request (or came too slowly) on the bare socket, and closes it. */
export const refuseConnection = (error: Error & { code?: string }, socket: Socket): void => {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy(error);
  const [status, words, code, detail] = REASONS[error.code ?? ''] ?? [400, 'Bad Request', 'malformed' as const, 'This is not a valid HTTP/1.1 request.'];
  const requestId = randomUUID();
  const body = JSON.stringify(problem(status, code, detail, { requestId }));
  const headers = { ...edgeHeaders(requestId), 'content-type': PROBLEM_MEDIA_TYPE, 'content-length': Buffer.byteLength(body), connection: 'close' };
  const head = [`HTTP/1.1 ${status} ${words}`, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`)];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
};
