/** How often which sizes were seen. `counts` has one place per bucket and one for what is larger than all of them. */
export type Distribution = { readonly bounds: readonly number[]; readonly counts: number[]; count: number; sum: number };

/** Nothing seen yet. `bounds` are the buckets' upper bounds, from the smallest on; each belongs to its bucket. */
export const emptyDistribution = (bounds: readonly number[]): Distribution => ({ bounds, counts: Array<number>(bounds.length + 1).fill(0), count: 0, sum: 0 });

/** Adds one size. */
export const addSize = (to: Distribution, size: number): void => {
  let bucket = 0;
  while (bucket < to.bounds.length && size > to.bounds[bucket]!) bucket += 1;
  to.counts[bucket]! += 1;
  to.count += 1;
  to.sum += size;
};

/** What `now` has seen beyond `before`, an earlier state of it. */
export const seenSince = (now: Distribution, before: Distribution): Distribution => ({
  bounds: now.bounds,
  counts: now.counts.map((count, i) => count - before.counts[i]!),
  count: now.count - before.count,
  sum: now.sum - before.sum,
});
