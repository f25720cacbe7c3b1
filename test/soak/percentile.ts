/** The nearest-rank percentile, `share` from 0 to 1; undefined when there is nothing to rank. */
export const percentile = (values: readonly number[], share: number): number | undefined => {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
};
