import { AxiosError, type AxiosAdapter, type InternalAxiosRequestConfig } from 'axios';
import { Pool } from 'undici';
import { exchange, ExchangeError } from './exchange.ts';

export type PoolLimits = { connections: number; connectTimeoutMs: number };

/** Pools by origin, made when first needed. */
export class Pools {
  private readonly byOrigin = new Map<string, Pool>();
  constructor(private readonly limits: PoolLimits) {}

  for(origin: string): Pool {
    let pool = this.byOrigin.get(origin);
    if (pool === undefined) this.byOrigin.set(origin, (pool = this.open(origin)));
    return pool;
  }

  /** Lets running calls end, then closes every connection. */
  async close(): Promise<void> {
    await Promise.all([...this.byOrigin.values()].map((pool) => pool.close()));
    this.byOrigin.clear();
  }

  private open(origin: string): Pool {
    return new Pool(origin, {
      connections: this.limits.connections,
      pipelining: 1,
      // Each exchange has one timer of its own for the whole call.
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: { timeout: this.limits.connectTimeoutMs },
    });
  }
}

const AXIOS_CODE = { timeout: AxiosError.ETIMEDOUT, unreachable: AxiosError.ERR_NETWORK, 'too-large': AxiosError.ERR_BAD_RESPONSE, invalid: AxiosError.ERR_BAD_OPTION } as const;

/** `http://host:80/a/b?c` → origin and path, without the cost of a URL object. */
const split = (url: string): [string, string] => {
  const at = url.indexOf('/', url.indexOf('://') + 3);
  return at === -1 ? [url, '/'] : [url.slice(0, at), url.slice(at)];
};

declare module 'axios' {
  interface AxiosRequestConfig {
    /** Headers below the request's own, by lower-case name. Outside `headers`, because axios copies those several times over. */
    beneath?: ReadonlyMap<string, string>;
  }
}

/** Names and values in turn, as undici takes them; a request's own headers win. */
const headerList = (config: InternalAxiosRequestConfig): string[] => {
  const list: string[] = [];
  const own = new Set<string>();
  for (const name of Object.keys(config.headers)) {
    const value: unknown = config.headers[name];
    if (value === undefined || value === null || value === false) continue;
    own.add(name.toLowerCase());
    list.push(name, String(value));
  }
  for (const [name, value] of config.beneath ?? []) if (!own.has(name)) list.push(name, value);
  return list;
};

type Answer = Awaited<ReturnType<AxiosAdapter>>;

const refused = (config: InternalAxiosRequestConfig, response: Answer): AxiosError =>
  new AxiosError(`status ${response.status}`, response.status >= 500 ? AxiosError.ERR_BAD_RESPONSE : AxiosError.ERR_BAD_REQUEST, config, undefined, response);

/** An axios adapter over undici pools. `config.url` is absolute; answers are Buffers; rejects with AxiosError, an `ExchangeError` as its cause when there is no answer. */
export const undiciAdapter = (pools: Pools): AxiosAdapter => async (config) => {
  const [origin, path] = split(config.url!);
  const out = { origin, path, method: config.method!.toUpperCase(), headers: headerList(config), body: config.data ?? null };
  try {
    const limits = { timeoutMs: config.timeout!, maxAnswerBytes: config.maxContentLength! };
    const answer = await exchange(pools.for(origin), out, limits);
    const response: Answer = { data: answer.body, status: answer.status, statusText: '', headers: answer.headers, config };
    if (answer.status >= 200 && answer.status < 300) return response;
    throw refused(config, response);
  } catch (error) {
    if (!(error instanceof ExchangeError)) throw error;
    throw Object.assign(new AxiosError(error.message, AXIOS_CODE[error.kind], config), { cause: error });
  }
};
