import { Agent, request as send } from 'node:http';
import { operationsOf, type ApiDocument } from './api-document.ts';
import { judgeAnswer, type FuzzAnswer } from './judge-answer.ts';
import { makeRequests, type FuzzRequest, type KnownIds } from './make-requests.ts';

const ANSWER_WITHIN_MS = 10_000;
const AT_ONCE = 8;

export type FuzzOptions = {
  url: string;
  document: ApiDocument;
  known: KnownIds;
  requests: number;
  seed: number;
  /** On every request that has no such header of its own, such as a key. */
  headers?: Record<string, string>;
  onProgress?(done: number): void;
};

export type Finding = { request: FuzzRequest; said: string };

export type FuzzReport = { sent: number; operations: number; statuses: Record<number, number>; findings: Finding[] };

/** One request over an agent that keeps its connections; rejects when no answer comes in time. */
const exchange = (agent: Agent, url: string, { method, path, headers, body }: FuzzRequest, more: Record<string, string> = {}): Promise<FuzzAnswer> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const given = { ...more, ...headers, ...(body !== undefined && { 'content-length': String(Buffer.byteLength(body)) }) };
    const call = send({ agent, hostname, port, method, path, headers: given, timeout: ANSWER_WITHIN_MS }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, contentType: answer.headers['content-type'] ?? '', body: Buffer.concat(chunks).toString() }));
      answer.on('error', reject);
    });
    call.on('timeout', () => call.destroy(new Error(`no answer within ${ANSWER_WITHIN_MS / 1_000} s`)));
    call.on('error', reject);
    call.end(body);
  });

/**
 * Sends requests to every operation of an API, most of them wrong, and reports each answer that is a 5xx, a hang,
 * or an error without a cause.
 */
export const fuzzApi = async (options: FuzzOptions): Promise<FuzzReport> => {
  const operations = operationsOf(options.document);
  const requests = makeRequests(operations, options.known, options.requests, options.seed);
  const report: FuzzReport = { sent: 0, operations: operations.length, statuses: {}, findings: [] };
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  let next = 0;
  const tryOne = async (request: FuzzRequest): Promise<void> => {
    try {
      const answer = await exchange(agent, options.url, request, options.headers);
      report.statuses[answer.status] = (report.statuses[answer.status] ?? 0) + 1;
      const said = judgeAnswer(request.method, answer);
      if (said !== undefined) report.findings.push({ request, said: `${said}: ${answer.status} ${answer.body.slice(0, 300)}` });
    } catch (error) {
      report.findings.push({ request, said: (error as Error).message });
    }
    options.onProgress?.((report.sent += 1));
  };
  const worker = async (): Promise<void> => {
    while (next < requests.length) await tryOne(requests[next++]!);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  agent.destroy();
  return report;
};
