type Waiting<T, R> = { item: T; resolve(result: R): void; reject(error: unknown): void };

export type MicroBatchOptions<T, R> = {
  /** Writes all items at once; answers in their order. */
  flush(items: T[]): Promise<R[]>;
  maxItems: number;
  /** Items that may wait; one more is refused with `whenFull`. */
  maxWaiting: number;
  whenFull(): Error;
  /** True when the error is about one row's content, so that the others deserve a try of their own. */
  isAboutContent(error: unknown): boolean;
  /** Told of each write that went well. */
  written?(items: number, tookMs: number): void;
};

/**
 * Coalesces concurrent callers into one write: while a batch is on its way to the disk, the next one gathers.
 * A lone caller never waits. One unacceptable row fails alone.
 */
export const microBatch = <T, R>(options: MicroBatchOptions<T, R>): ((item: T) => Promise<R>) => {
  let waiting: Waiting<T, R>[] = [];
  let flushing = false;

  const settle = async (batch: Waiting<T, R>[]): Promise<void> => {
    try {
      const startedAtMs = performance.now();
      const results = await options.flush(batch.map((one) => one.item));
      options.written?.(batch.length, performance.now() - startedAtMs);
      batch.forEach((one, i) => one.resolve(results[i]!));
    } catch (error) {
      if (batch.length > 1 && options.isAboutContent(error)) for (const one of batch) await settle([one]);
      else for (const one of batch) one.reject(error);
    }
  };

  const drain = async (): Promise<void> => {
    flushing = true;
    while (waiting.length > 0) {
      const batch = waiting.slice(0, options.maxItems);
      waiting = waiting.slice(options.maxItems);
      await settle(batch);
    }
    flushing = false;
  };

  return (item) =>
    new Promise<R>((resolve, reject) => {
      if (waiting.length >= options.maxWaiting) return reject(options.whenFull());
      waiting.push({ item, resolve, reject });
      if (!flushing) {
        flushing = true;
        // Callers of the same turn share the first batch.
        queueMicrotask(() => void drain());
      }
    });
};
