type Needs = {
  most: number;
  withinMs: number;
  /** Runs something once, so many ms later. */
  after(ms: number, run: () => void): void;
};

/** Passes things on many at once: `put` keeps one, `flush` passes on what is kept. */
export type Bursts<T> = { put(one: T): void; flush(): void };

/** Passes on `most` at once, and whatever is there when one has waited for `withinMs`, in their order. */
export const inBursts = <T>(passOn: (one: T) => void, { most, withinMs, after }: Needs): Bursts<T> => {
  let kept: T[] = [];
  let waiting = false;
  const flush = (): void => {
    const all = kept;
    kept = [];
    for (const one of all) passOn(one);
  };
  const wait = (): void => {
    waiting = true;
    after(withinMs, () => {
      waiting = false;
      flush();
    });
  };
  return {
    put: (one) => {
      kept.push(one);
      if (kept.length >= most) flush();
      else if (!waiting) wait();
    },
    flush,
  };
};
