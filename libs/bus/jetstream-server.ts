import { Server, type CustomTransportStrategy } from '@nestjs/microservices';
import { lastValueFrom, type Observable } from 'rxjs';
import type { Settlement } from '#contract';
import type { Bus } from './connect-bus.ts';
import { startSource, type RunningSource, type Source } from './source.ts';

type Handle = (messages: unknown) => Promise<Settlement[]>;

export type JetStreamServerOptions = {
  bus: Bus;
  /** What a message that was not handled, because the handler threw, comes back after; in ms. */
  retryAfterMs: number;
  /** Told at most once a second. */
  onError(error: unknown): void;
};

/** An outage fails every message in hand for the same reason; once is enough. */
const atMostOnceASecond = (tell: (error: unknown) => void): ((error: unknown) => void) => {
  let last = 0;
  return (error) => {
    if (performance.now() - last < 1_000) return;
    last = performance.now();
    tell(error);
  };
};

/**
 * Nest's transport for pull consumers. A handler is bound to a source by its pattern and answers one settlement per message;
 * sources may come and go while the room runs.
 */
export class JetStreamServer extends Server implements CustomTransportStrategy {
  private readonly running = new Map<string, RunningSource>();
  private wanted: Source[] = [];
  private listening = false;
  private readonly tell: (error: unknown) => void;

  constructor(private readonly options: JetStreamServerOptions) {
    super();
    this.tell = atMostOnceASecond(options.onError);
  }

  /** Starts what is new, stops what is no longer wanted, and leaves alone what stays as it is. */
  async serve(sources: Source[]): Promise<void> {
    this.wanted = sources;
    if (!this.listening) return;
    const keep = new Set(sources.map((source) => source.key));
    for (const [key, source] of this.running) {
      if (keep.has(key)) continue;
      this.running.delete(key);
      await source.stop();
    }
    for (const source of sources) {
      if (!this.running.has(source.key)) this.running.set(source.key, startSource(source, this.handlerOf(source), { ...this.options, onError: this.tell }));
    }
  }

  override listen(callback: (error?: unknown) => void): void {
    this.listening = true;
    this.serve(this.wanted).then(() => callback(), callback);
  }

  /** Stops asking for messages and waits for those in hand to be settled. */
  override async close(): Promise<void> {
    this.listening = false;
    const sources = [...this.running.values()];
    this.running.clear();
    await Promise.all(sources.map((source) => source.stop()));
  }

  /** The sources that run, by key. */
  sources(): ReadonlyMap<string, RunningSource> {
    return this.running;
  }

  override on(): void {
    throw new Error('JetStreamServer has no events of its own.');
  }

  override unwrap<T>(): T {
    return this.options.bus.nc as T;
  }

  private handlerOf(source: Source): Handle {
    const handler = this.getHandlerByPattern(source.pattern);
    if (handler === null) throw new Error(`No handler is bound to the pattern ${source.pattern}.`);
    return async (messages) => {
      const answer = await handler(messages);
      return lastValueFrom(this.transformToObservable(answer) as Observable<Settlement[]>);
    };
  }
}
