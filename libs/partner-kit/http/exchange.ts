import type { Dispatcher } from 'undici';

/** Why there is no answer, and whether the request had gone out by then. */
export class ExchangeError extends Error {
  override readonly name = 'ExchangeError';
  constructor(
    readonly kind: 'timeout' | 'unreachable' | 'too-large' | 'invalid',
    readonly sent: boolean,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

export type Outgoing = { origin: string; path: string; method: string; headers: string[]; body: string | Buffer | null };
export type Incoming = { status: number; headers: Record<string, string>; body: Buffer };
export type ExchangeLimits = { timeoutMs: number; maxAnswerBytes: number };

const flatten = (headers: NodeJS.Dict<string | string[]>): Record<string, string> => {
  const flat: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined) flat[name] = typeof value === 'string' ? value : value.join(', ');
  }
  return flat;
};

/** One request and its answer. A class, because undici calls a handler, and one object per call is cheapest. */
class Exchange implements Dispatcher.DispatchHandler {
  private controller: Dispatcher.DispatchController | undefined;
  private readonly timer: NodeJS.Timeout;
  private over = false;
  private status = 0;
  private headers: Record<string, string> = {};
  private chunks: Buffer[] = [];
  private bytes = 0;

  constructor(
    private readonly limits: ExchangeLimits,
    private readonly resolve: (answer: Incoming) => void,
    private readonly reject: (error: ExchangeError) => void,
  ) {
    this.timer = setTimeout(() => this.fail('timeout', `gave no answer within ${limits.timeoutMs} ms`), limits.timeoutMs);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // Given up while it waited for a connection: nothing may be sent any more.
    if (this.over) controller.abort(new Error('given up'));
    else this.controller = controller;
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: NodeJS.Dict<string | string[]>): void {
    this.status = status;
    this.headers = flatten(headers);
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.bytes += chunk.length;
    if (this.bytes > this.limits.maxAnswerBytes) this.fail('too-large', `answered with more than ${this.limits.maxAnswerBytes} bytes`);
    else this.chunks.push(chunk);
  }

  onResponseEnd(): void {
    if (this.finish()) {
      const body = this.chunks.length === 1 ? this.chunks[0]! : Buffer.concat(this.chunks);
      this.resolve({ status: this.status, headers: this.headers, body });
    }
  }

  onResponseError(_controller: unknown, error: Error & { code?: string }): void {
    const kind = error.code === 'UND_ERR_INVALID_ARG' ? 'invalid' : error.code === 'UND_ERR_CONNECT_TIMEOUT' ? 'timeout' : 'unreachable';
    this.fail(kind, `could not be asked: ${error.code ?? error.message}`, error);
  }

  private fail(kind: ExchangeError['kind'], message: string, cause?: unknown): void {
    if (!this.finish()) return;
    this.reject(new ExchangeError(kind, this.controller !== undefined, message, { cause }));
    this.controller?.abort(new Error(message));
  }

  /** True for whoever ends the exchange first. */
  private finish(): boolean {
    if (this.over) return false;
    this.over = true;
    clearTimeout(this.timer);
    return true;
  }
}

/** Sends one request and waits for the whole answer; rejects with `ExchangeError` and with nothing else. */
export const exchange = (dispatcher: Dispatcher, out: Outgoing, limits: ExchangeLimits): Promise<Incoming> =>
  new Promise((resolve, reject) => {
    const handler = new Exchange(limits, resolve, reject);
    try {
      dispatcher.dispatch(out as Dispatcher.DispatchOptions, handler);
    } catch (error) {
      handler.onResponseError(undefined, error as Error);
    }
  });
