import { Axios, AxiosError } from 'axios';
import type { ApiAnswer, ApiClient, ApiRequest } from '../api-client.ts';
import { classifyAnswer, classifyBreak } from './classify-answer.ts';
import { encodeBody } from './encode-body.ts';
import { ExchangeError, type Incoming } from './exchange.ts';
import { readAnswer } from './read-answer.ts';
import { Pools, undiciAdapter } from './undici-adapter.ts';

export type ApiClientOptions = {
  /** Goes before every relative `url`. */
  baseUrl?: string;
  /** Sent with every call; a request's own win. */
  headers?: Record<string, string>;
  /** For the whole call: waiting for a connection, sending, and the whole answer. */
  timeoutMs: number;
  /** `trunkline/<version>` */
  userAgent: string;
  /** Per origin; 64 by default. */
  connections?: number;
  /** 5 MiB by default; a longer answer is a `data` failure. */
  maxAnswerBytes?: number;
};

export type PartnerApiClient = ApiClient & {
  /** The same client with headers of its own, for the calls of one command. Costs next to nothing. */
  carrying(headers: Record<string, string>): ApiClient;
  /** For interceptors; they see a request's own headers, not those of the client and the flow. */
  readonly axios: Axios;
  /** Lets running calls end. */
  close(): Promise<void>;
};

const toFailure = (request: ApiRequest, error: unknown, nowMs: number): unknown => {
  if (!(error instanceof AxiosError)) return error;
  if (error.cause instanceof ExchangeError) return classifyBreak(request, error.cause);
  if (error.response === undefined) return error;
  const { status, headers, data } = error.response as unknown as { status: number; headers: Record<string, string>; data: Buffer };
  const answer = readAnswer(request, { status, headers, body: data });
  return request.judge?.(answer) ?? classifyAnswer(request, answer, nowMs);
};

/** Not `axios.create`: its many defaults are merged anew at every call, which costs as much as the call. */
const axiosOver = (pools: Pools, options: ApiClientOptions): Axios =>
  new Axios({ adapter: undiciAdapter(pools), timeout: options.timeoutMs, maxContentLength: options.maxAnswerBytes ?? 5 * 1024 * 1024 });

const lowerCased = (headers: Record<string, string>): ReadonlyMap<string, string> =>
  new Map(Object.entries(headers).map(([name, value]): [string, string] => [name.toLowerCase(), value]));

const namesContentType = (headers: Record<string, string> = {}): boolean => Object.keys(headers).some((name) => name.toLowerCase() === 'content-type');

/** Opens a client whose pools are its own. Failures are `PartnerFailure`, never anything that holds a secret. */
export const createApiClient = (options: ApiClientOptions): PartnerApiClient => {
  const pools = new Pools({ connections: options.connections ?? 64, connectTimeoutMs: Math.min(options.timeoutMs, 10_000) });
  const instance = axiosOver(pools, options);
  const fixed = lowerCased({ accept: 'application/json, */*;q=0.5', ...options.headers, 'user-agent': options.userAgent });

  const sendWith = (beneath: ReadonlyMap<string, string>) => async (request: ApiRequest): Promise<ApiAnswer> => {
    const { bytes, contentType } = encodeBody(request.body);
    const url = options.baseUrl !== undefined && !request.url.includes('://') ? options.baseUrl + request.url : request.url;
    const headers = contentType === undefined || namesContentType(request.headers) ? request.headers : { ...request.headers, 'Content-Type': contentType };
    const asked = { ...request, url };
    let incoming: Incoming;
    try {
      const { status, headers: answered, data } = await instance.request<Buffer>({ method: request.method, url, headers, beneath, data: bytes });
      incoming = { status, headers: answered as Record<string, string>, body: data };
    } catch (error) {
      throw toFailure(asked, error, Date.now());
    }
    const answer = readAnswer(asked, incoming);
    const failure = request.judge?.(answer);
    if (failure !== undefined) throw failure;
    return answer;
  };

  const carrying = (headers: Record<string, string>): ApiClient => ({ send: sendWith(new Map([...fixed, ...lowerCased(headers)])) });
  return { send: sendWith(fixed), carrying, axios: instance, close: () => pools.close() };
};
