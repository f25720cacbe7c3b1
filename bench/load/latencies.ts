/** What a set of latencies comes to, in ms. */
export type Latencies = { count: number; p50: number; p99: number; max: number };

/** Nearest-rank percentiles. */
export const summarise = (latencies: readonly number[]): Latencies => {
  const sorted = [...latencies].sort((a, b) => a - b);
  const rank = (share: number): number => sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
  return { count: sorted.length, p50: rank(0.5), p99: rank(0.99), max: rank(1) };
};
